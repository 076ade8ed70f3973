using static TorchSharp.torch.optim;

namespace TorchSharp.Schedules;

/// <summary>The initial rate times a factor that depends on the step alone.</summary>
internal sealed class Scaled : lr_scheduler.LRScheduler
{
    private readonly Func<int, double> _factor;

    internal Scaled(Optimizer optimizer, Func<int, double> factor, int last_epoch, bool verbose)
        : base(optimizer, last_epoch, verbose)
    {
        _factor = factor;
        step();
    }

    private protected override double RateAt(int epoch, int group) => BaseRates[group] * _factor(epoch);
}

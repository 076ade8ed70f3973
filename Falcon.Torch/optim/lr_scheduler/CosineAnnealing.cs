using static TorchSharp.torch.optim;

namespace TorchSharp.Schedules;

internal sealed class CosineAnnealing : lr_scheduler.LRScheduler
{
    private readonly double _period;
    private readonly double _lowest;

    internal CosineAnnealing(Optimizer optimizer, double period, double lowest, int last_epoch, bool verbose)
        : base(optimizer, last_epoch, verbose)
    {
        _period = period;
        _lowest = lowest;
        step();
    }

    private protected override double RateAt(int epoch, int group) =>
        _lowest + (BaseRates[group] - _lowest) * (1 + Math.Cos(Math.PI * epoch / _period)) / 2;
}

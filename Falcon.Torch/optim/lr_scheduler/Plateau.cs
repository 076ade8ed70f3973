using static TorchSharp.torch.optim;

namespace TorchSharp.Schedules;

internal sealed class Plateau : lr_scheduler.LRScheduler
{
    private readonly bool _higherIsBetter;
    private readonly bool _relative;
    private readonly double _factor;
    private readonly int _patience;
    private readonly double _threshold;
    private readonly int _cooldown;
    private readonly IList<double>? _lowest;
    private readonly double _leastChange;
    private double? _best;
    private int _badSteps;
    private int _cooling;

    internal Plateau(
        Optimizer optimizer,
        string mode,
        double factor,
        int patience,
        double threshold,
        string threshold_mode,
        int cooldown,
        IList<double>? lowest,
        double leastChange,
        bool verbose)
        : base(optimizer, last_epoch: -1, verbose)
    {
        if (factor >= 1)
            throw new ArgumentException("The factor must be below 1.", nameof(factor));
        if (mode is not ("min" or "max") || threshold_mode is not ("rel" or "abs"))
            throw new ArgumentException($"There is no mode '{mode}' with '{threshold_mode}'.");
        _higherIsBetter = mode == "max";
        _relative = threshold_mode == "rel";
        _factor = factor;
        _patience = patience;
        _threshold = threshold;
        _cooldown = cooldown;
        _lowest = lowest;
        _leastChange = leastChange;
    }

    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the value that it watches.");

    public override void step(int? epoch) => step();

    public override void step(double current, int? epoch = null)
    {
        _badSteps = Improves(current) ? 0 : _badSteps + 1;
        if (_badSteps == 0)
            _best = current;
        if (_cooling > 0)
            (_cooling, _badSteps) = (_cooling - 1, 0);
        if (_badSteps <= _patience)
            return;
        for (var i = 0; i < Groups.Length; i++)
        {
            var reduced = Math.Max(Groups[i].LearningRate * _factor, LowestOf(i));
            if (Groups[i].LearningRate - reduced > _leastChange)
                Groups[i].LearningRate = reduced;
        }
        (_cooling, _badSteps) = (_cooldown, 0);
        Report();
    }

    private protected override double RateAt(int epoch, int group) => Groups[group].LearningRate;

    private bool Improves(double current)
    {
        if (_best is not { } best)
            return true;
        var margin = _relative ? Math.Abs(best) * _threshold : _threshold;
        return _higherIsBetter ? current > best + margin : current < best - margin;
    }

    private double LowestOf(int group) => _lowest is null ? 0 : _lowest[Math.Min(group, _lowest.Count - 1)];
}

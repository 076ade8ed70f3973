namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static class impl
            {
                public class OneCycleLR : LRScheduler
                {
                    private readonly List<Phase> _phases = [];
                    private readonly int _totalSteps;
                    private readonly AnnealStrategy _strategy;
                    private readonly double _initialRate;
                    private readonly double _highestRate;
                    private readonly double _finalRate;
                    private readonly double _lowMomentum;
                    private readonly double _highMomentum;
                    private readonly bool _cyclesMomentum;

                    public OneCycleLR(
                        Optimizer optimizer,
                        double max_lr,
                        int total_steps = -1,
                        int epochs = -1,
                        int steps_per_epoch = -1,
                        double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true,
                        double base_momentum = 0.85,
                        double max_momentum = 0.95,
                        double div_factor = 25,
                        double final_div_factor = 1e4,
                        bool three_phase = false,
                        int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _totalSteps = total_steps > 0 ? total_steps : epochs * steps_per_epoch;
                        if (_totalSteps <= 0 || (total_steps <= 0 && epochs <= 0))
                            throw new ArgumentException("The total steps, or epochs and steps per epoch, must be given.");
                        if (cycle_momentum && Groups.Any(group => group is not (IMomentum or IBetas)))
                            throw new ArgumentException("The optimiser has no momentum to cycle.", nameof(cycle_momentum));
                        _strategy = anneal_strategy;
                        _highestRate = max_lr;
                        _initialRate = max_lr / div_factor;
                        _finalRate = _initialRate / final_div_factor;
                        (_lowMomentum, _highMomentum, _cyclesMomentum) = (base_momentum, max_momentum, cycle_momentum);
                        var peak = pct_start * _totalSteps - 1;
                        _phases.Add(new Phase(peak, _initialRate, _highestRate, _highMomentum, _lowMomentum));
                        if (three_phase)
                        {
                            _phases.Add(new Phase(2 * peak, _highestRate, _initialRate, _lowMomentum, _highMomentum));
                            _phases.Add(new Phase(_totalSteps - 1, _initialRate, _finalRate, _highMomentum, _highMomentum));
                        }
                        else
                        {
                            _phases.Add(new Phase(_totalSteps - 1, _highestRate, _finalRate, _lowMomentum, _highMomentum));
                        }
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    public override void step(int? epoch)
                    {
                        base.step(epoch);
                        if (!_cyclesMomentum)
                            return;
                        var (phase, progress) = PhaseAt(Epoch);
                        var momentum = Anneal(phase.StartMomentum, phase.EndMomentum, progress);
                        foreach (var group in Groups)
                        {
                            if (group is IMomentum heavy)
                                heavy.Momentum = momentum;
                            else if (group is IBetas adaptive)
                                adaptive.Betas = (momentum, adaptive.Betas.Item2);
                        }
                    }

                    private protected override double RateAt(int epoch, int group)
                    {
                        var (phase, progress) = PhaseAt(epoch);
                        return Anneal(phase.StartRate, phase.EndRate, progress);
                    }

                    private (Phase, double Progress) PhaseAt(int epoch)
                    {
                        if (epoch >= _totalSteps)
                            throw new InvalidOperationException($"The cycle ended after {_totalSteps} steps.");
                        var index = Math.Max(0, _phases.FindIndex(phase => epoch <= phase.End));
                        var start = index == 0 ? 0 : _phases[index - 1].End;
                        return (_phases[index], (epoch - start) / (_phases[index].End - start));
                    }

                    private double Anneal(double start, double end, double progress) => _strategy == AnnealStrategy.Cos
                        ? end + (start - end) / 2 * (1 + Math.Cos(Math.PI * progress))
                        : start + (end - start) * progress;

                    /// <summary>A stretch up to step <paramref name="End"/>, a real number, over which rate and momentum move.</summary>
                    private sealed record Phase(double End, double StartRate, double EndRate, double StartMomentum, double EndMomentum);
                }
            }
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Falcon.Torch.Tests;

public class ScheduleTests
{
    private static readonly Dictionary<string, double[]> Expected = Figures.Read<double[]>("schedules.json");

    private static readonly double[] Watched = [1.0, 0.9, 0.95, 0.92, 0.91, 0.93, 0.94, 0.8, 0.9];

    private static readonly Dictionary<string, Func<Optimizer, lr_scheduler.LRScheduler>> Cases = new()
    {
        ["StepLR"] = o => lr_scheduler.StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => lr_scheduler.MultiStepLR(o, [2, 5], 0.2),
        ["ExponentialLR"] = o => lr_scheduler.ExponentialLR(o, 0.9),
        ["LambdaLR"] = o => lr_scheduler.LambdaLR(o, epoch => 1.0 / (epoch + 1)),
        ["LinearLR"] = o => lr_scheduler.LinearLR(o, 0.25, 1, 4),
        ["CosineAnnealingLR"] = o => lr_scheduler.CosineAnnealingLR(o, 7, 0.01),
        ["OneCycleLR.sgd"] = o => lr_scheduler.OneCycleLR(o, 0.9, total_steps: 10),
        ["OneCycleLR.adam"] = o => lr_scheduler.OneCycleLR(
            o,
            4e-3,
            epochs: 3,
            steps_per_epoch: 4,
            pct_start: 0.4,
            anneal_strategy: lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear,
            three_phase: true),
        ["ReduceLROnPlateau"] = o => lr_scheduler.ReduceLROnPlateau(o, factor: 0.1, patience: 1, cooldown: 1),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory(DisplayName = "learning rates, and momentum where it moves, are PyTorch's")]
    [MemberData(nameof(Names))]
    public void Rates(string name)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(1));
        using OptimizerHelper optimizer = name == "OneCycleLR.adam" ? Adam([parameter], 4e-4, 0.5) : SGD([parameter], 0.8, 0.5);
        var scheduler = Cases[name](optimizer);
        var expected = Expected[name];
        var cycles = name.StartsWith("OneCycle", StringComparison.Ordinal);
        var actual = new List<double>();
        for (var step = 0; actual.Count < expected.Length; step++)
        {
            var group = optimizer.ParamGroups.Single();
            actual.Add(group.LearningRate);
            if (cycles)
                actual.Add(group is IMomentum heavy ? heavy.Momentum : ((IBetas)group).Betas.Item1);
            if (actual.Count == expected.Length)
                break;
            if (name == "ReduceLROnPlateau")
                scheduler.step(Watched[step]);
            else
                scheduler.step();
        }
        Figures.Equal(expected, [.. actual], 1e-12);
        Assert.Equal(optimizer.ParamGroups.Select(group => group.LearningRate), scheduler.get_last_lr());
    }
}

using Falcon.Methods;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Parity;

/// <summary><c>head.safetensors</c>: the head of the published width on drawn patches; and its three steps, which <c>train.safetensors</c> has, too.</summary>
internal static class FdslHeadParity
{
    private const double Tolerance = 1e-4, TrainedTolerance = 1e-3;
    private const int Width = 1024, Images = 2, Grid = 3, MaskSide = 42, Steps = 3;

    public static void Run(ParityFixture fixture)
    {
        var masks = fixture.Input("gt", () => Defects(fixture, Images, MaskSide, MaskSide)).to(ScalarType.Float32);
        var images = masks.shape[0];
        using var head = new FdslHead(FdslParity.Taps, Width);
        fixture.Fill(head, FdslParity.HeadPrefix);
        Tensor[] residuals;
        using (no_grad())
        {
            var tokens = Patches("tokens", 1 + Grid * Grid);
            var rows = Patches("rows", Grid * Grid);
            // The rows are those that are nearest already.
            residuals = [.. Enumerable.Range(0, FdslParity.Taps).Select(tap => (tokens[tap].narrow(1, 1, Grid * Grid) - rows[tap]).abs())];
            head.eval();
            fixture.Check("eval.res", Results(head, residuals, Grid), Tolerance);
        }
        Train(fixture, head, residuals, Grid, masks);

        Tensor Patches(string name, long count)
        {
            var key = fixture.Setting(name, $"{fixture.Tag}fdsl/head/{name}");
            long[] shape = [FdslParity.Taps, images, count, Width];
            var hash = ParityWeights.Hash(key);
            var drawn = new double[shape.Aggregate(1L, (product, side) => product * side)];
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = ParityWeights.Uniform(hash, i) - 0.5;
            var units = normalize(tensor(drawn, shape), p: 2, dim: -1, eps: 1e-12).to(ScalarType.Float32);
            fixture.Check(name, units, Tolerance);
            return units;
        }
    }

    /// <summary>Three steps of a head, from its results in training mode to its weights.</summary>
    /// <param name="fixture">Holds them.</param>
    /// <param name="head">Filled by the weight rule.</param>
    /// <param name="residuals">(N, h·w, C) of each tap.</param>
    /// <param name="rows">h.</param>
    /// <param name="masks">(N, H, W).</param>
    public static void Train(ParityFixture fixture, FdslHead head, IReadOnlyList<Tensor> residuals, long rows, Tensor masks)
    {
        head.train();
        using (no_grad())
            fixture.Check("res", Results(head, residuals, rows), Tolerance);
        fixture.Fill(head, FdslParity.HeadPrefix);
        var options = new FdslHeadOptions();
        using var optimiser = DistillationTraining.Adam(options, head.parameters());
        optimiser.LearningRate = options.LearningRate;
        for (var step = 1; step <= Steps; step++)
        {
            using var scope = NewDisposeScope();
            var tolerance = step == 1 ? Tolerance : TrainedTolerance;
            var losses = FdslHeadTraining.Losses(head, residuals, rows, masks);
            fixture.Check($"step{step}.focal", stack(losses.Focal), tolerance);
            fixture.Check($"step{step}.dice", stack(losses.Dice), tolerance);
            fixture.Check($"step{step}.total", losses.Total.reshape(1), tolerance);
            if (step == 1)
                fixture.Check("step1.map", losses.Maps.Take(2), Tolerance);
            optimiser.ZeroGradients();
            losses.Total.backward();
            if (step == 1)
                fixture.CheckGradients("grad.", head, Tolerance);
            optimiser.Step();
        }
        fixture.CheckGradients($"after{Steps}.", head.state_dict().Select(entry => (entry.Key, entry.Value)), TrainedTolerance);
    }

    /// <summary>c_0, n_0, c_1, n_1, …, (N, h·w, 2) each.</summary>
    public static IEnumerable<Tensor> Results(FdslHead head, IReadOnlyList<Tensor> residuals, long rows) => residuals.SelectMany((residual, tap) =>
    {
        var own = head.Classify(tap, residual, rows);
        return new[] { own, head.call(own) }.Select(map => map.flatten(2).transpose(1, 2));
    });

    /// <summary>A rectangle of defect in all but the first of some masks, (N, H, W) uint8.</summary>
    public static Tensor Defects(ParityFixture fixture, int images, int height, int width)
    {
        var masks = zeros([images, height, width], ScalarType.Byte);
        var at = fixture.Uniform("gt", images, 2).data<float>().ToArray();
        for (var i = 1; i < images; i++)
            masks[i].narrow(0, (int)(at[2 * i] * height / 2), height / 3).narrow(1, (int)(at[2 * i + 1] * width / 2), width / 3).fill_(1);
        return masks;
    }
}

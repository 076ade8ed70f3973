using System.Globalization;
using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c>: one image judged as a whole, by its windows, and by windows that are looked up.</summary>
internal static class FdslInferParity
{
    private const double Tolerance = 1e-4;
    private const int DrawnNormals = 2;

    public static void Run(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = FdslTower.Teacher(fixture);
        var (image, normals) = (FdslTower.Images(fixture, "image", 1), FdslTower.Images(fixture, "normal", DrawnNormals));
        var (features, known) = (FdslTower.Features(teacher, image), FdslTower.Features(teacher, normals));
        var options = new FdslOptions
        {
            Backbone = FdslTower.Backbone,
            InputSize = ParityFixture.SizeOf(image),
            MapSide = Number(fixture, "cal", 40),
            WindowPatches = Number(fixture, "window", 3),
            WindowStride = Number(fixture, "stride", 1),
        };
        Compared(fixture, features, known);
        Whole(fixture, options, teacher, features, known, "");
        Whole(fixture, new FdslOptions(options) { NeighbourAggregation = false }, teacher, features, known, "_without_nam");
        using (var tower = FdslTower.Module(fixture))
            fixture.Check("positions.window", tower.PositionsOf(options.WindowPatches, options.WindowPatches), Tolerance);
        Windows(fixture, options, teacher, new(image, features), known, normals, "window");
        Windows(fixture, new FdslOptions(options) { ImageIndex = true }, teacher, new(image, features), known, normals, "index");
    }

    private static int Number(ParityFixture fixture, string setting, int usual) =>
        int.Parse(fixture.Setting(setting, usual.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static void Compared(ParityFixture fixture, TeacherFeatures features, TeacherFeatures known)
    {
        using var head = new FdslHead(FdslParity.Taps, ClipTower.Find(FdslTower.Backbone).Width);
        fixture.Fill(head, FdslParity.HeadPrefix);
        head.eval();
        Tensor[] patches = [.. FdslTower.Taps.Select(tap => NormalPatches.Units(features[tap]))];
        Tensor[] memory = [.. FdslTower.Taps.Select(tap => NormalPatches.Memory(known[tap], half: false))];
        fixture.CheckWhole("nearest", [.. patches.Zip(memory).SelectMany(pair => NormalPatches.Nearest(pair.First.flatten(0, 1), pair.Second).data<long>())]);
        fixture.Check("res", FdslHeadParity.Results(head, [.. patches.Zip(memory, NormalPatches.Residuals)], features[FdslTower.Taps[0]].shape[2]), Tolerance);
    }

    private static void Whole(ParityFixture fixture, FdslOptions options, Teacher teacher, TeacherFeatures features, TeacherFeatures known, string suffix)
    {
        using var network = fixture.Network<FdslNetwork>(new FdslOptions(options) { Windows = LocalWindowUse.None }, teacher);
        network.Fit(known, null);
        var (map, score) = network.Mean(network.WholeImage(features));
        fixture.Check($"whole.map{suffix}", map, Tolerance);
        fixture.Check($"whole.score{suffix}", score.reshape(1), Tolerance);
    }

    private static void Windows(
        ParityFixture fixture, FdslOptions options, Teacher teacher, NetworkInput input, TeacherFeatures known, Tensor normals, string name)
    {
        using var network = fixture.Network<FdslNetwork>(options, teacher);
        network.Fit(known, normals);
        var comparison = network.Windows!;
        comparison.Remember(normals);
        var seen = comparison.See(input.Pixels![0]);
        var pick = options.ImageIndex ? comparison.Pick(seen.Pooled!) : null;
        if (pick is null)
            fixture.CheckWhole("boxes", [.. comparison.Windows.Corners.SelectMany(at =>
                new long[] { at.Row, at.Row + options.WindowPatches, at.Column, at.Column + options.WindowPatches })]);
        else
            fixture.CheckWhole("index.pick", [.. pick.data<long>()]);
        fixture.CheckWhole($"{name}.nearest", [.. seen.Patches.SelectMany((patches, tap) =>
            NormalPatches.Nearest(patches.flatten(0, 1), comparison.Memory(tap, pick)).data<long>().ToArray())]);
        var grids = comparison.Grids(input.Pixels![0], normals);
        var (map, score) = network.Mean(grids);
        fixture.Check($"{name}.grids", stack(grids), Tolerance);
        fixture.Check($"{name}.map", map, Tolerance);
        fixture.Check($"{name}.score", score.reshape(1), Tolerance);
        var (final, scores) = network.Detect(input);
        var largest = final.amax(1, 2);
        fixture.Check($"{name}.final_map", final, Tolerance);
        fixture.Check($"{name}.final_map_max", largest, Tolerance);
        fixture.Check($"{name}.final_patch_score", 2 * tensor(scores!) - largest, Tolerance);
    }
}

using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: the tower's positions, tokens and embedding, what is nearest, and three steps of the head.</summary>
internal static class FdslTrainParity
{
    private const double Tolerance = 1e-4;
    private const int DrawnImages = 3;

    public static void Run(ParityFixture fixture)
    {
        var (images, normals) = (FdslTower.Images(fixture, "image", DrawnImages), FdslTower.Images(fixture, "normal", DrawnImages));
        using var teacher = FdslTower.Teacher(fixture);
        Tower(fixture, teacher, images);
        Tensor[] residuals;
        var features = FdslTower.Features(teacher, images);
        using (no_grad())
        {
            var known = FdslTower.Features(teacher, normals);
            Tensor[] patches = [.. FdslTower.Taps.Select(tap => NormalPatches.Units(features[tap]))];
            Tensor[] memory = [.. FdslTower.Taps.Select(tap => NormalPatches.Memory(known[tap], half: false))];
            fixture.CheckWhole("nearest", [.. patches.Zip(memory).SelectMany(pair => NormalPatches.Nearest(pair.First.flatten(0, 1), pair.Second).data<long>())]);
            residuals = [.. patches.Zip(memory, NormalPatches.Residuals)];
        }
        using var head = new FdslHead(FdslParity.Taps, ClipTower.Find(FdslTower.Backbone).Width);
        fixture.Fill(head, FdslParity.HeadPrefix);
        var masks = fixture.Input("gt", () => FdslHeadParity.Defects(fixture, DrawnImages, (int)images.shape[2], (int)images.shape[3])).to(ScalarType.Float32);
        FdslHeadParity.Train(fixture, head, residuals, features[FdslTower.Taps[0]].shape[2], masks);
    }

    private static void Tower(ParityFixture fixture, Teacher teacher, Tensor images)
    {
        using var frozen = no_grad();
        using var tower = FdslTower.Module(fixture);
        var (grid, patch) = (tower.Architecture.Grid, tower.Architecture.PatchSize);
        fixture.Check("positions.native", tower.PositionsOf(grid, grid), Tolerance);
        fixture.Check("positions.resized", tower.PositionsOf((int)images.shape[2] / patch, (int)images.shape[3] / patch), Tolerance);
        int[] depths = [.. FdslTower.Taps.Select(tap => tap - BackboneTap.Block1 + 1)];
        foreach (var (depth, tokens) in depths.Zip(tower.Tokens(images, depths)))
            fixture.Check($"tokens{depth}", tokens, Tolerance);
        fixture.Check("pooled", teacher.Features(images, [BackboneTap.Embedding])[0].flatten(1), Tolerance);
    }
}

using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Parity;

/// <summary>The small tower of FDSL's fixtures: 12 blocks of 64 numbers, filled by the weight rule, the weights that are added to the residual stream made smaller.</summary>
internal static class FdslTower
{
    public const string Backbone = "clip_vit_p14_w64_h4_d12_g4_o32_gelu";

    private const double Residual = 0.3;
    private const int DrawnHeight = 70, DrawnWidth = 84;

    public static readonly BackboneTap[] Taps = ClipTower.Taps(Backbone);

    /// <summary>The tower as the product computes with it.</summary>
    public static Teacher Teacher(ParityFixture fixture) => Backbones.Teacher.Of(Backbone, Taps[^1], "parity rule", (_, module) => Fill(fixture, module));

    /// <summary>The tower's module, to look inside.</summary>
    public static VisionTransformer Module(ParityFixture fixture)
    {
        var tower = new VisionTransformer(ClipTower.Find(Backbone));
        Fill(fixture, tower);
        tower.eval();
        return tower;
    }

    /// <summary>Images as network input, (N, 3, H, W) of some whole patches.</summary>
    /// <param name="fixture">Holds them.</param>
    /// <param name="name">The stored name.</param>
    /// <param name="count">Images of a drawn fixture.</param>
    public static Tensor Images(ParityFixture fixture, string name, int count) => fixture.Input(name, () =>
    {
        var coarse = interpolate(fixture.Uniform(name, count, 3, 6, 8), [DrawnHeight, DrawnWidth], mode: InterpolationMode.Bilinear, align_corners: false);
        return coarse * 3 + fixture.Uniform($"{name}/grain", count, 3, DrawnHeight, DrawnWidth) - 1.5;
    });

    /// <summary>The features of images at the taps.</summary>
    public static TeacherFeatures Features(Teacher teacher, Tensor images) => new(Taps, teacher.Features(images, Taps));

    private static void Fill(ParityFixture fixture, nn.Module module)
    {
        using var frozen = no_grad();
        fixture.Fill(module, FdslParity.TowerPrefix);
        foreach (var (name, tensor) in module.state_dict())
            if (name.EndsWith("out_proj.weight", StringComparison.Ordinal) || name.EndsWith("c_proj.weight", StringComparison.Ordinal))
                tensor.mul_(Residual);
    }
}

using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: three steps on the same images with given noise.</summary>
internal static class FalconTrainParity
{
    private const double FirstStep = 1e-4, Later = 1e-3;

    public static void Run(ParityFixture fixture)
    {
        using var teacher = fixture.Teacher("resnet18", BackboneTap.Layer3, "teacher.");
        var images = fixture.Images("image");
        var options = new FalconOptions { InputSize = ParityFixture.SizeOf(images) };
        using var network = fixture.Network<FalconNetwork>(options, teacher);

        var clean = Features(images, "");
        var noised = Features(fixture.Images("noised"), "_noised");
        var mask = fixture.Input("mask", Mask);
        fixture.Check("target16", FalconOptimiser.TargetMask(mask, clean[BackboneTap.Layer3], options.MaskResizing), FirstStep);

        network.Train(true);
        using var optimiser = new FalconOptimiser(network, options);
        for (var step = 1; step <= 3; step++)
        {
            var losses = optimiser.Step(new(0, options.Epochs, 0, 3), clean, noised, mask, new StepClock());
            foreach (var (name, value) in losses.Named)
                fixture.Check($"step{step}.{name}", tensor(new[] { value }, ScalarType.Float64), step == 1 ? FirstStep : Later);
            if (step == 1)
                fixture.CheckGradients("grad.", Entries(network, module => module.named_parameters().Select(p => (p.name, p.parameter.grad!))), FirstStep);
        }

        network.Train(false);
        using var frozen = no_grad();
        FalconInferParity.Check(fixture, network.Maps(clean[BackboneTap.Layer2], clean[BackboneTap.Layer3]), "after3.eval.", Later);
        fixture.CheckTrained("after3.", Entries(network, module => module.state_dict().Select(e => (e.Key, e.Value))), Later, Later);

        TeacherFeatures Features(Tensor input, string suffix)
        {
            var taps = teacher.Features(input, [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3]);
            foreach (var (i, features) in taps.Index())
                fixture.Check($"feat{i + 1}{suffix}", features, FirstStep);
            return new(FalconNetwork.Taps, taps[1..]);
        }

        Tensor Mask() => fixture.Uniform("mask", images.shape[0], 1, images.shape[2] / NoisedImage.CellSize, images.shape[3] / NoisedImage.CellSize)
            .gt(0.7).to(ScalarType.Float32);
    }

    private static IEnumerable<(string Name, Tensor Value)> Entries(FalconNetwork network, Func<nn.Module, IEnumerable<(string Name, Tensor Value)>> of) =>
        network.Parts.SelectMany(part => of(part.Module).Select(e => ($"{part.Prefix}.{e.Name}", e.Value)));
}

using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: three steps on the same two images with given noise.</summary>
internal static class FalconTrainParity
{
    private const double FirstStep = 1e-4, Later = 1e-3;

    public static IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var teacher = ParityTeacher.ResNet18();
        var options = new FalconOptions();
        using var network = new FalconNetwork(options, teacher, new MasterSeed(0));
        foreach (var (prefix, module) in network.Parts)
            ParityWeights.Fill(module, $"{prefix}.");

        var results = new List<ParityResult>();
        var clean = Features("image", "");
        var noised = Features("noised", "_noised");
        var mask = fixture.Tensor("mask");
        results.AddRange(fixture.Compare("target16", FalconOptimiser.TargetMask(mask, clean[BackboneTap.Layer3], options.MaskResizing), FirstStep));

        network.Train(true);
        using var optimiser = new FalconOptimiser(network, options);
        for (var step = 1; step <= 3; step++)
        {
            var losses = optimiser.Step(new(0, options.Epochs, 0, 3), clean, noised, mask, new StepClock());
            foreach (var (name, value) in losses.Named)
                results.AddRange(fixture.Compare($"step{step}.{name}", tensor(new[] { value }, ScalarType.Float64), step == 1 ? FirstStep : Later));
            if (step == 1)
                results.AddRange(Gradients(fixture, network));
        }

        network.Train(false);
        results.AddRange(Weights(fixture, network));
        using var frozen = no_grad();
        results.AddRange(FalconInferParity.Maps(fixture, network.Maps(clean[BackboneTap.Layer2], clean[BackboneTap.Layer3]), "after3.eval.", Later));
        return results;

        TeacherFeatures Features(string image, string suffix)
        {
            var taps = teacher.Features(fixture.Tensor(image), [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3]);
            for (var i = 0; i < taps.Length; i++)
                results.AddRange(fixture.Compare($"feat{i + 1}{suffix}", taps[i], FirstStep));
            return new(FalconNetwork.Taps, taps[1..]);
        }
    }

    private static IEnumerable<ParityResult> Gradients(ParityFixture fixture, FalconNetwork network)
    {
        var parameters = Entries(network, module => module.named_parameters().Select(p => (p.Item1, p.Item2.grad!)));
        return from name in fixture.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal))
               let tensor = name[..^".head".Length]
               from result in fixture.Compare(tensor, parameters[tensor["grad.".Length..]], FirstStep)
               select result;
    }

    private static IEnumerable<ParityResult> Weights(ParityFixture fixture, FalconNetwork network)
    {
        var entries = Entries(network, module => module.state_dict().Select(e => (e.Key, e.Value)));
        return from name in fixture.Names
               where name.StartsWith("after3.", StringComparison.Ordinal) && name.EndsWith(".head", StringComparison.Ordinal)
               let tensor = name[..^".head".Length]
               from result in fixture.Compare(tensor, entries[tensor["after3.".Length..]], Later)
               select result;
    }

    private static Dictionary<string, Tensor> Entries(FalconNetwork network, Func<nn.Module, IEnumerable<(string Name, Tensor Value)>> of) =>
        network.Parts.SelectMany(part => of(part.Module).Select(e => ($"{part.Prefix}.{e.Name}", e.Value))).ToDictionary();
}

using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Files of inference: features, gates and maps of both stages.</summary>
internal static class AandInferParity
{
    /// <param name="fixture">The file.</param>
    /// <param name="backbone">The teacher.</param>
    /// <param name="count">Images of a drawn fixture; null for the usual number.</param>
    public static void Run(ParityFixture fixture, string backbone, int? count)
    {
        using var frozen = no_grad();
        using var teacher = AandParity.Teacher(fixture, backbone);
        var images = fixture.Images("in.image", count);
        var options = new AandOptions { Backbone = teacher.Provenance.Backbone, InputSize = ParityFixture.SizeOf(images) };
        using var network = Network(options);
        using var raw = Network(new AandOptions(options) { Smoothing = SmoothingKind.None });

        var levels = teacher.Features(images.narrow(0, 0, 1), options.ScoringNeeds.Taps);
        var advanced = network.Amplification.call(levels);
        AandParity.Check(fixture, "teacher", levels);
        AandParity.CheckGates(fixture, "gate", network.Amplification.Levels.Select((level, i) => level.Gate(levels[i])));
        AandParity.Check(fixture, "advanced", advanced);
        AandParity.Check(fixture, "student", network.Restored(advanced));
        fixture.Check("map_raw", raw.Map(images), AandParity.Tolerance);
        CheckMap("", network);

        using var first = (AandAmplificationNetwork)options.Foundation.CreateNetwork(teacher, new MasterSeed(0));
        AandParity.Fill(fixture, first.Amplification);
        CheckMap("stage1_", first);

        AandNetwork Network(AandOptions variant)
        {
            var created = (AandNetwork)variant.CreateNetwork(teacher, new MasterSeed(0));
            AandParity.Fill(fixture, created);
            created.Train(false);
            return created;
        }

        void CheckMap(string prefix, AnomalyNetwork of)
        {
            var map = of.Map(images);
            fixture.Check($"{prefix}map", map, AandParity.Tolerance);
            fixture.Check($"{prefix}score", map.amax(1, 2), AandParity.Tolerance);
        }
    }
}

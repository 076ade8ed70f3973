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
        var images = fixture.Images("in.image", count);
        var tower = AandParity.IsTower(fixture, backbone);
        using var teacher = AandParity.Teacher(fixture, backbone, images);
        var options = new AandOptions { Backbone = teacher.Provenance.Backbone, InputSize = ParityFixture.SizeOf(images) };
        using var network = Network(options);
        using var raw = Network(new AandOptions(options) { Smoothing = SmoothingKind.None });

        var first = images.narrow(0, 0, 1);
        var levels = teacher.Features(first, options.ScoringNeeds.Taps);
        var advanced = network.Amplification.call(levels);
        var code = network.Code(advanced);
        var restored = network.Student.call(code);
        AandParity.Check(fixture, "teacher", levels);
        AandParity.CheckGates(fixture, "gate", network.Amplification.Levels.Select((level, i) => level.Gate(levels[i])));
        AandParity.Check(fixture, "advanced", advanced);
        AandParity.Check(fixture, "student", restored);
        fixture.Check("map_raw", Of(raw.Map(images)), AandParity.Tolerance);
        CheckMap("", network);
        if (tower)
        {
            fixture.Check("embedding", code, AandParity.Tolerance);
            using var data = ParityFixture.Training(options.TrainingNeeds, teacher, first);
            using var run = new AandTraining(options, network, data);
            fixture.Check("loss", run.Losses(new(0, 1, 0, 1), [0])[0].Value.reshape(1), AandParity.Tolerance);
            return;
        }
        using var amplified = (AandAmplificationNetwork)options.Foundation.CreateNetwork(teacher, new MasterSeed(0));
        AandParity.Fill(fixture, amplified.Amplification);
        CheckMap("stage1_", amplified);

        // Of a tower's single image, the map stands alone.
        Tensor Of(Tensor map) => tower && fixture.ShapeOf("map_raw", null)?.Count == 2 ? map.squeeze(0) : map;

        AandNetwork Network(AandOptions variant)
        {
            var created = (AandNetwork)variant.CreateNetwork(teacher, new MasterSeed(0));
            AandParity.Fill(fixture, created, tower);
            created.Train(false);
            return created;
        }

        void CheckMap(string prefix, AnomalyNetwork of)
        {
            var map = of.Map(images);
            fixture.Check($"{prefix}map", Of(map), AandParity.Tolerance);
            fixture.Check($"{prefix}score", map.amax(1, 2), AandParity.Tolerance);
        }
    }
}

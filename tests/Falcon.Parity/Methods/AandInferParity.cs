using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Files of inference: features, gates and maps of both stages.</summary>
internal static class AandInferParity
{
    /// <param name="fixture">The file.</param>
    /// <param name="backbone">The teacher of a drawn fixture.</param>
    /// <param name="count">Images of a drawn fixture; null for the usual number.</param>
    public static void Run(ParityFixture fixture, string backbone, int? count)
    {
        using var frozen = no_grad();
        var images = fixture.Images("in.image", count);
        using var teacher = AandParity.Teacher(fixture, backbone, images);
        var tower = AandParity.IsTower(teacher.Provenance.Backbone);
        var options = new AandOptions { Backbone = teacher.Provenance.Backbone, InputSize = ParityFixture.SizeOf(images) };
        using var network = (AandNetwork)options.CreateNetwork(teacher, new MasterSeed(0));
        AandParity.Fill(fixture, network, tower);
        network.Train(false);

        var (first, taps) = (images.narrow(0, 0, 1), options.ScoringNeeds.Taps);
        var levels = teacher.Features(first, taps);
        var advanced = network.Amplification.call(levels);
        var code = network.Code(advanced);
        var restored = network.Student.call(code);
        AandParity.Check(fixture, "teacher", levels);
        AandParity.CheckGates(fixture, "gate", network.Amplification.Levels.Select((level, i) => level.Gate(levels[i])));
        AandParity.Check(fixture, "advanced", advanced);
        AandParity.Check(fixture, "student", restored);
        var all = network.Amplification.call(teacher.Features(images, taps));
        var unsmoothed = new AandOptions(options) { Smoothing = SmoothingKind.None };
        fixture.Check("map_raw", Of(unsmoothed.MapOf(all, network.Restored(all))), AandParity.Tolerance);
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

        void CheckMap(string prefix, AnomalyNetwork of)
        {
            var map = of.Map(images);
            fixture.Check($"{prefix}map", Of(map), AandParity.Tolerance);
            fixture.Check($"{prefix}score", map.amax(1, 2), AandParity.Tolerance);
        }
    }
}

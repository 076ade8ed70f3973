using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: three steps on the same images with given masks, in float64: Adam makes full steps of the rounding noise of tiny gradients.</summary>
internal static class MrkdTrainParity
{
    private const double Tolerance = 1e-4;
    private const int Steps = 3;
    private const string Backbone = "resnet18";

    public static void Run(ParityFixture fixture)
    {
        using var teacher = fixture.Teacher(Backbone, BackboneTap.Layer3, MrkdParity.TeacherPrefix);
        var pictures = fixture.Images("in.image");
        var options = new MrkdOptions { Backbone = Backbone, InputSize = ParityFixture.SizeOf(pictures) };
        var (clean, seen) = (Features(fixture, pictures, "teacher"), Features(fixture, fixture.Images("in.image_aug"), "teacher_aug"));
        var sizes = MrkdNetwork.Sizes(clean);
        FeatureMasks[] masks = [.. Enumerable.Range(0, Steps + 1).Select(step =>
            MrkdParity.Masks(fixture, $"in.step{step}.uniform", pictures.shape[0], sizes, options.MaskRatio))];

        using var network = fixture.Network<MrkdNetwork>(options, teacher, MrkdParity.Prefix);
        foreach (var (_, module) in network.Parts)
            module.to(ScalarType.Float64);
        network.Train(true);
        using (no_grad())
        {
            fixture.Check("embedding", network.Code(seen), Tolerance);
            var restored = network.Restored(seen, masks[0]);
            MrkdParity.Check(fixture, "student", restored, Tolerance);
            fixture.Check("loss_per_level", MrkdNetwork.Losses(clean, restored), Tolerance);
        }
        fixture.Refill(network, MrkdParity.Prefix);

        int[] batch = [.. Enumerable.Range(0, (int)pictures.shape[0])];
        string[] names = Array.ConvertAll(batch, i => $"{i}");
        using var images = new TrainingImages(null, clean.Detached(), [.. names.Select(_ => Array.Empty<Weights.StoredTensor>())], names);
        using var run = new MrkdTraining(options, network, images, (moment, _) => new(seen, masks[moment.Step]));
        var losses = new List<double>();
        for (var step = 0; step < Steps; step++)
        {
            losses.Add(run.Step(Moment(step), batch, new StepClock())[0].Value);
            if (step == 0)
            {
                fixture.CheckGradients("grad.", Entries(network, Gradients), Tolerance);
                Trained("after1.");
            }
        }
        Trained("after3.");
        fixture.Check("step.loss", tensor(losses.ToArray(), ScalarType.Float64), Tolerance);
        using var frozen = no_grad();
        fixture.Check("then.loss", run.Losses(Moment(Steps), batch)[0].Value.reshape(1), Tolerance);

        // In float64 every weight agrees, as gradients do.
        void Trained(string prefix) =>
            fixture.CheckGradients(prefix, Entries(network, part => part.state_dict().Select(entry => (entry.Key, entry.Value))), Tolerance);
    }

    private static TrainingMoment Moment(int step) => new(0, 1, step, Steps + 1);

    /// <summary>The teacher's features in float64.</summary>
    private static TeacherFeatures Features(ParityFixture fixture, Tensor images, string name)
    {
        using var frozen = no_grad();
        using var network = new ResNet(BackboneCatalog.Find(Backbone), BackboneTap.Layer3);
        fixture.Fill(network, MrkdParity.TeacherPrefix);
        network.to(ScalarType.Float64);
        network.eval();
        var features = network.call(images.to(ScalarType.Float64), MrkdOptions.Taps);
        MrkdParity.Check(fixture, name, features, Tolerance);
        return new(MrkdOptions.Taps, features);
    }

    private static IEnumerable<(string Name, Tensor Value)> Gradients(nn.Module part) =>
        part.named_parameters().Where(p => p.parameter.grad is not null).Select(p => (p.name, p.parameter.grad!));

    private static IEnumerable<(string Name, Tensor Value)> Entries(MrkdNetwork network, Func<nn.Module, IEnumerable<(string Name, Tensor Value)>> of) =>
        network.Parts.SelectMany(part => of(part.Module).Select(e => ($"{part.Prefix}.{e.Name}", e.Value)));
}

using Falcon.Methods;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of the SSPCAB block (specification, section 9), of two forms.</summary>
public sealed class SspcabParity : FixtureSuite
{
    private const double Tolerance = 1e-4, Trained = 1e-3;
    private const int RecordedChannels = 12;

    /// <summary>Each form with its dilation, which no tensor shows, and the corner patch and reduction of a recorded fixture.</summary>
    private static readonly (string Name, int Dilation, int Kernel, int Reduction)[] Forms = [("block", 1, 1, 6), ("wide", 2, 5, 3)];

    /// <inheritdoc/>
    public override string Name => "sspcab";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Each(Train)), (InferFile, Each(Infer))];

    private static Action<ParityFixture> Each(Action<ParityFixture, string, PredictiveBlock, Tensor> run) => fixture =>
    {
        foreach (var (name, dilation, kernel, reduction) in Forms)
        {
            var input = fixture.Input("input", () => fixture.Uniform("input", 3, RecordedChannels, 7, 10) - 0.5);
            var channels = (int)input.shape[1];
            using var sizes = fixture.File == TrainFile ? null : new StoredFixture(fixture.Folder, TrainFile);
            var corner = (sizes ?? fixture).ShapeOf($"{name}.after3.conv1.weight", [channels, channels, kernel, kernel]);
            var squeeze = (sizes ?? fixture).ShapeOf($"{name}.after3.se.fc1.weight", [channels / reduction, channels]);
            using var block = new PredictiveBlock(
                channels, (int)(corner?[2] ?? kernel), dilation, squeeze is null ? reduction : channels / (int)squeeze[0]);
            fixture.Fill(block, $"{name}.");
            run(fixture, name, block, input);
        }
    };

    private static void Train(ParityFixture fixture, string name, PredictiveBlock block, Tensor given)
    {
        using var optimiser = new AdamOptimiser(block.parameters()) { LearningRate = 1e-3 };
        var input = given.clone();
        input.requires_grad = true;
        var losses = new List<double>();
        for (var step = 0; step < 3; step++)
        {
            var output = block.call(input);
            var loss = Loss(output);
            optimiser.ZeroGradients();
            loss.backward();
            if (step == 0)
            {
                fixture.Check($"{name}.output", output, Tolerance);
                fixture.Check($"{name}.recon_loss0", loss, Tolerance);
                fixture.Check($"{name}.input_grad", input.grad!, Tolerance);
                fixture.CheckGradients($"{name}.grad.", block, Tolerance);
            }
            optimiser.Step();
        }
        Loss(block.call(input));
        fixture.Check($"{name}.losses", tensor(losses.ToArray()), Trained);
        foreach (var (entry, value) in block.state_dict())
            fixture.Check($"{name}.after3.{entry}", value, Trained);

        Tensor Loss(Tensor output)
        {
            var loss = PredictiveBlock.Loss(output, input);
            losses.Add(loss.ToDouble());
            return loss;
        }
    }

    private static void Infer(ParityFixture fixture, string name, PredictiveBlock block, Tensor input)
    {
        using var frozen = no_grad();
        var output = block.call(input);
        var map = PredictiveBlock.Map(output, input);
        fixture.Check($"{name}.output", output, Tolerance);
        fixture.Check($"{name}.map", map, Tolerance);
        fixture.Check($"{name}.score", map.amax(1, 2), Tolerance);
    }
}

using Falcon.Methods;
using TorchSharp;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of the SSPCAB block (specification, section 9).</summary>
public sealed class SspcabParity : IParitySuite
{
    private const double Tolerance = 1e-4, Trained = 1e-3;
    private const int Channels = 16;

    /// <inheritdoc/>
    public string Name => "sspcab";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        return [.. Both().SelectMany(b => Train(folder, b.Name, b.Block)), .. Both().SelectMany(b => Infer(folder, b.Name, b.Block))];
    }

    private static IEnumerable<(string Name, PredictiveBlock Block)> Both()
    {
        foreach (var (name, block) in new[] { ("block", new PredictiveBlock(Channels)), ("wide", new PredictiveBlock(Channels, 3, 2, 4)) })
        {
            ParityWeights.Fill(block, $"{name}.");
            yield return (name, block);
        }
    }

    private static List<ParityResult> Train(string folder, string name, PredictiveBlock block)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var optimiser = new AdamOptimiser(block.parameters()) { LearningRate = 1e-3 };
        var input = fixture.Tensor("input").clone();
        input.requires_grad = true;
        var results = new List<ParityResult>();
        var losses = new List<double>();
        for (var step = 0; step < 3; step++)
        {
            var loss = Loss();
            optimiser.ZeroGradients();
            loss.backward();
            if (step == 0)
            {
                results.AddRange(fixture.Compare($"{name}.output", block.call(input), Tolerance));
                results.AddRange(fixture.Compare($"{name}.recon_loss0", loss, Tolerance));
                results.AddRange(fixture.Compare($"{name}.input_grad", input.grad!, Tolerance));
                var gradients = block.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!);
                results.AddRange(fixture.Below($"{name}.grad.").SelectMany(n => fixture.Compare($"{name}.grad.{n}", gradients[n], Tolerance)));
            }
            optimiser.Step();
        }
        Loss();
        var weights = block.state_dict();
        return
        [
            .. results,
            .. fixture.Compare($"{name}.losses", tensor(losses.ToArray()), Trained),
            .. fixture.Below($"{name}.after3.").SelectMany(n => fixture.Compare($"{name}.after3.{n}", weights[n], Trained)),
        ];

        Tensor Loss()
        {
            var loss = PredictiveBlock.Loss(block.call(input), input);
            losses.Add(loss.ToDouble());
            return loss;
        }
    }

    private static List<ParityResult> Infer(string folder, string name, PredictiveBlock block)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var input = fixture.Tensor("input");
        var output = block.call(input);
        var map = PredictiveBlock.Map(output, input);
        return
        [
            .. fixture.Compare($"{name}.output", output, Tolerance),
            .. fixture.Compare($"{name}.map", map, Tolerance),
            .. fixture.Compare($"{name}.score", map.amax(1, 2), Tolerance),
        ];
    }
}

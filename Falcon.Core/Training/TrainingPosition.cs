using System.Globalization;

namespace Falcon.Training;

/// <summary>Where an interrupted training goes on.</summary>
/// <param name="Epoch">Passes finished.</param>
/// <param name="Epochs">Passes in all.</param>
/// <param name="Step">Steps finished.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record TrainingPosition(int Epoch, int Epochs, long Step, long Steps)
{
    /// <summary>The share of the training that is left, in [0, 1].</summary>
    public double Left => Steps > 0 ? 1 - (double)Step / Steps : Epochs > 0 ? 1 - (double)Epoch / Epochs : 1;

    /// <summary>The four numbers in their order.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Epoch} {Epochs} {Step} {Steps}");

    /// <summary>What <see cref="Text"/> gave; null of anything else.</summary>
    internal static TrainingPosition? TryParse(string? text)
    {
        var numbers = (text ?? "").Split(' ').Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        return numbers is [>= 0, >= 0, >= 0, >= 0] ? new((int)numbers[0], (int)numbers[1], numbers[2], numbers[3]) : null;
    }

    /// <summary>The next epoch, or, of a training that counts steps, the next step: <c>epoch 73</c>, <c>step 4001 of 70000</c>.</summary>
    public string Describe(TrainingPlan plan) => plan.Steps is null ? $"epoch {Epoch + 1}" : $"step {Step + 1} of {Steps}";
}

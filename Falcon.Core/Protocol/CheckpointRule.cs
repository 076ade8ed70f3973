using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>Which of the weights seen in training are evaluated. As text: <c>lastEpoch</c>, <c>lastStep</c>, <c>fixedEpoch:50</c>, <c>bestOnNormalValidation</c>,
/// <c>bestOnTraining</c>, <c>untrained</c>, <c>oracleOnTest</c>.</summary>
[JsonConverter(typeof(TextValueJsonConverter<CheckpointRule>))]
public abstract record CheckpointRule : ITextValue<CheckpointRule>
{
    private const string FixedPrefix = "fixedEpoch:";

    private CheckpointRule()
    {
    }

    /// <summary>What is printed under a table.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">There is no such rule.</exception>
    public static CheckpointRule Parse(string text) => text switch
    {
        "lastEpoch" => new LastEpoch(),
        "lastStep" => new LastStep(),
        "bestOnNormalValidation" => new BestOnNormalValidation(),
        "bestOnTraining" => new BestOnTraining(),
        "untrained" => new Untrained(),
        "oracleOnTest" => new OracleOnTest(),
        _ when text.StartsWith(FixedPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(FixedPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) => new FixedEpoch(epoch),
        _ => throw new InvalidInputException("there is no such checkpoint rule", text, "Use lastEpoch, lastStep, fixedEpoch:N, bestOnNormalValidation, bestOnTraining, untrained or oracleOnTest."),
    };

    /// <summary>The weights after the last epoch: no selection.</summary>
    public sealed record LastEpoch : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "last epoch";

        /// <inheritdoc/>
        public override string ToString() => "lastEpoch";
    }

    /// <summary>The weights after the last step of a training that counts steps: no selection.</summary>
    public sealed record LastStep : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "last step";

        /// <inheritdoc/>
        public override string ToString() => "lastStep";
    }

    /// <summary>There are no steps to choose among: the method fits without any.</summary>
    public sealed record Untrained : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "none, no training steps";

        /// <inheritdoc/>
        public override string ToString() => "untrained";
    }

    /// <summary>The weights after an epoch that was fixed beforehand.</summary>
    /// <param name="Epoch">From 1.</param>
    public sealed record FixedEpoch(int Epoch) : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => $"epoch {Epoch}";

        /// <inheritdoc/>
        public override string ToString() => $"{FixedPrefix}{Epoch}";
    }

    /// <summary>The weights that do best on normal images held out of training.</summary>
    public sealed record BestOnNormalValidation : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "best epoch on held-out normal images";

        /// <inheritdoc/>
        public override string ToString() => "bestOnNormalValidation";
    }

    /// <summary>The weights that do best on the images of the training itself, of which there were too few to hold any out.</summary>
    public sealed record BestOnTraining : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "best epoch on the training images, too few to hold any out";

        /// <inheritdoc/>
        public override string ToString() => "bestOnTraining";
    }

    /// <summary>The weights that do best on the test images: an upper bound, not a result, and marked so in every table.</summary>
    public sealed record OracleOnTest : CheckpointRule
    {
        /// <inheritdoc/>
        public override string Description => "best epoch on the test images";

        /// <inheritdoc/>
        public override string ToString() => "oracleOnTest";
    }
}

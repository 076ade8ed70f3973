namespace Falcon.Results;

/// <summary>How a number was obtained. Two numbers may stand under one heading only when their protocols are equal.</summary>
/// <param name="Shots">Normal training images.</param>
/// <param name="Sampler">How they were chosen, with its lineage, for example <c>first k of a seeded permutation of the sorted names</c>.</param>
/// <param name="Checkpoint">Which of the weights seen in training were evaluated.</param>
/// <param name="ImageScore">How a map became the score of its image.</param>
/// <param name="EvaluationSize">The size at which maps met masks.</param>
public sealed record Protocol(int Shots, string Sampler, CheckpointRule Checkpoint, ImageScoreReducer ImageScore, EvaluationSize EvaluationSize)
{
    /// <summary>The protocol in one line, without the number of shots, which tables show in their headings.</summary>
    public string Line =>
        $"training images: {Sampler}; checkpoint: {Checkpoint.Description}; image score: {ImageScore.Description}; maps at {EvaluationSize.Description}";

    /// <inheritdoc/>
    public override string ToString() => $"{Shots} {Line}";
}

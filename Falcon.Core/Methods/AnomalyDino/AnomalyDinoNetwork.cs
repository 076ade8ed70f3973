using Falcon.Backbones;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>AnomalyDINO's memory of the good images' patches, each of length 1.</summary>
internal sealed partial class AnomalyDinoNetwork(AnomalyDinoOptions options, Teacher teacher) : FittedNetwork(options, teacher, "memory")
{
    private const string Bank = "bank";

    /// <summary>Rows of the memory that are compared at once, and turned images that the teacher sees at once.</summary>
    private const int RowsAtOnce = 32768, ImagesAtOnce = 4;

    public override bool Absorbs => true;

    private protected override IReadOnlyList<(string Name, long?[] Sides)> Shapes(Func<string, bool> holds) => [(Bank, [null, Teacher.Form.Channels(BackboneTap.Patches)])];

    protected override Tensor Embed(TeacherFeatures features) => features[BackboneTap.Patches];

    /// <summary>The images as they are, then turned by each angle.</summary>
    protected override Tensor Embeddings(TrainingImages images)
    {
        var upright = base.Embeddings(images);
        if (options.Rotations == 1)
            return upright;
        var turned = from angle in Enumerable.Range(1, options.Rotations - 1)
                     from batch in Enumerable.Range(0, images.Count).Chunk(ImagesAtOnce)
                     select Turned(images.Pixels!.narrow(0, batch[0], batch.Length), 2 * Math.PI * angle / options.Rotations);
        return cat([upright, .. turned]);

        Tensor Turned(Tensor pixels, double angle)
        {
            using var scope = NewDisposeScope();
            return Teacher.Features(Rotation.Of(pixels, angle), [BackboneTap.Patches])[0].MoveToOuterDisposeScope();
        }
    }

    protected override Tensor? Looked(TrainingImages images)
    {
        if (images.Inside is not { } upright || options.Rotations == 1)
            return images.Inside;
        var shown = upright.unsqueeze(1).to(ScalarType.Float32);
        var turned = Enumerable.Range(1, options.Rotations - 1).Select(angle => Rotation.Of(shown, 2 * Math.PI * angle / options.Rotations).gt(0).squeeze(1));
        return cat([upright, .. turned]);
    }

    protected override IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings) => [(Bank, LookedDirections(embeddings))];

    protected override IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings) => [(Bank, cat([Fitted(Bank), LookedDirections(embeddings)]))];

    /// <summary>1 − cosine to the nearest rows of the memory; 0 where the background is masked.</summary>
    protected override Tensor Distances(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (embedding.shape[0], embedding.shape[2], embedding.shape[3]);
        var patches = Directions(embedding);
        var bank = Fitted(Bank);
        var neighbours = Math.Min(options.Neighbours, bank.shape[0]);
        var nearest = empty([patches.shape[0], 0], device: patches.device);
        for (var first = 0L; first < bank.shape[0]; first += RowsAtOnce)
        {
            using var block = NewDisposeScope();
            var cosines = patches.matmul(bank.narrow(0, first, Math.Min(RowsAtOnce, bank.shape[0] - first)).t());
            var merged = cat([nearest, cosines.topk((int)Math.Min(neighbours, cosines.shape[1]), 1).values], dim: 1);
            nearest = merged.topk((int)Math.Min(neighbours, merged.shape[1]), 1).values.MoveToOuterDisposeScope();
        }
        var distances = (1 - nearest.mean([1])).reshape(images, height, width);
        return (options.Masking ? distances * ForegroundPatches.Of(embedding, options.MaskThreshold) : distances).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the furthest patches: as many as the share is, rounded down, at least one.</summary>
    protected override double[] Scores(Tensor distances)
    {
        using var scope = NewDisposeScope();
        var flat = distances.flatten(1);
        return flat.topk((int)Math.Max(1, (long)(options.ScoreShare * flat.shape[1])), 1).values.to(ScalarType.Float64).mean([1]).cpu().data<double>().ToArray();
    }

    /// <summary>As below, of what was looked at.</summary>
    private Tensor LookedDirections(Tensor embeddings) => FeatureDistance.Unit(LookedRows(embeddings));

    /// <summary>(N, D, h, w) as (N·h·w, D), each row of length 1.</summary>
    private static Tensor Directions(Tensor embedding) => Rows(FeatureDistance.Unit(embedding));
}

using Falcon.Data;

namespace Falcon.Detection;

/// <summary>The known defects of a lesson: photos that are at hand, and what is remembered of others.</summary>
internal sealed class KnownDefects
{
    private readonly DetectorCard _card;
    private readonly KnownDefect[] _others;

    /// <param name="card">The detector's, before the lesson.</param>
    /// <param name="photos">The photos; one that is given more than once counts once.</param>
    /// <exception cref="InvalidInputException">A photo cannot be read.</exception>
    public KnownDefects(DetectorCard card, IReadOnlyList<ImageItem> photos)
    {
        _card = card;
        var different = photos.Select(photo => (Photo: photo, Sha256: FileDigest.Sha256(photo.Path))).DistinctBy(photo => photo.Sha256).ToArray();
        Photos = [.. different.Select(photo => photo.Photo)];
        Digests = [.. different.Select(photo => photo.Sha256)];
        _others = [.. (card.KnownDefects ?? []).Where(defect => !Digests.Contains(defect.Sha256))];
    }

    /// <summary>Those at hand.</summary>
    public IReadOnlyList<ImageItem> Photos { get; }

    /// <summary>The SHA-256 of each.</summary>
    public IReadOnlyList<string> Digests { get; }

    /// <summary>What has become of each, those at hand first.</summary>
    /// <param name="before">The scores of <see cref="Photos"/> before the lesson.</param>
    /// <param name="after">Those after it.</param>
    /// <param name="threshold">The threshold after it.</param>
    public DefectCheck[] Checks(double[] before, double[] after, double threshold) =>
    [
        .. Photos.Select((photo, i) => new DefectCheck(photo.RelativeName, before[i], after[i], before[i] > _card.Threshold, after[i] > threshold)),
        .. _others.Select(defect => new DefectCheck(defect.Photo, defect.Score, null, defect.Score > _card.Threshold, defect.Score > threshold)),
    ];

    /// <summary>What a later lesson shall know; null for nothing.</summary>
    /// <param name="checks">What <see cref="Checks"/> gave.</param>
    public IReadOnlyList<KnownDefect>? Remembered(DefectCheck[] checks) => checks.Length == 0
        ? null
        : [.. Photos.Select((photo, i) => new KnownDefect(photo.RelativeName, Digests[i], checks[i].ScoreAfter!.Value)), .. _others];
}

using Falcon.Data;

namespace Falcon.Detection;

/// <summary>Photos that a detector shall be taught, sorted into what is new to it and what is not.</summary>
/// <param name="Photos">Those that are new to it, each once; names are unlike those of the photos that it knows, and of one another.</param>
/// <param name="Digests">The SHA-256 of each.</param>
/// <param name="Earlier">Those that it has been taught before, by the names that they have there.</param>
internal sealed record NewPhotos(IReadOnlyList<ImageItem> Photos, IReadOnlyList<string> Digests, IReadOnlyList<ImageItem> Earlier)
{
    /// <exception cref="InvalidInputException">A photo cannot be read, none is new, or one is among the defects, too.</exception>
    public static NewPhotos Of(DetectorCard card, IReadOnlyList<ImageItem> photos, IReadOnlyList<string> defects)
    {
        var taught = (card.Lessons ?? []).ToDictionary(lesson => lesson.Sha256, lesson => lesson.Photo);
        var (fresh, earlier) = (new List<(ImageItem Photo, string Sha256)>(), new List<ImageItem>());
        HashSet<string> names = [.. card.TrainingImages];
        foreach (var (photo, digest) in photos.Select(photo => (photo, FileDigest.Sha256(photo.Path))).DistinctBy(photo => photo.Item2))
            if (taught.TryGetValue(digest, out var name))
                earlier.Add(photo with { RelativeName = name });
            else
                fresh.Add((photo with { RelativeName = names.Add(photo.RelativeName) ? photo.RelativeName : $"{photo.RelativeName} {digest[..8]}" }, digest));
        Finding[] findings =
        [
            .. fresh.Count > 0 ? [] : earlier.Select(photo => new Finding("has been taught already", photo.Path, "Leave it away, or give another photo.")),
            .. fresh.Where(photo => defects.Contains(photo.Sha256) || card.KnownDefects?.Any(defect => defect.Sha256 == photo.Sha256) == true)
                .Select(photo => new Finding("is among the defects, too", photo.Photo.Path, "A part is good or defective: leave it away in one place.")),
        ];
        return findings.Length > 0
            ? throw new InvalidInputException(findings)
            : new([.. fresh.Select(photo => photo.Photo)], [.. fresh.Select(photo => photo.Sha256)], earlier);
    }

    /// <summary>What a detector learnt from, in its order.</summary>
    /// <param name="card">The detector's.</param>
    /// <param name="known">Photos by the names that they had when it was trained; null for none.</param>
    /// <exception cref="InvalidInputException">One is not there.</exception>
    public IReadOnlyList<ImageItem> Known(DetectorCard card, IReadOnlyList<ImageItem>? known)
    {
        if (known is null)
            throw new InvalidInputException(
                $"keeps no photos, and {card.Method.DisplayName} learns further only together with those that it was trained on", "the model",
                "Give them, too (--data FOLDER).");
        var byName = known.Concat(Earlier).ToLookup(photo => photo.RelativeName);
        string[] missing = [.. card.TrainingImages.Distinct().Where(name => !byName.Contains(name))];
        return missing.Length > 0
            ? throw new InvalidInputException(
                $"photos are missing that the model was trained on: {string.Join(", ", missing)}", "--data",
                "Give the folder that it was trained on; photos that it was taught later are given once more beside the new ones.")
            : [.. card.TrainingImages.Select(name => byName[name].First())];
    }
}

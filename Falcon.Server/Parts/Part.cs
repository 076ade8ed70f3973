namespace Falcon.Server.Parts;

/// <summary>A kind of part that is inspected: photos of good ones, what is looked at of them, and models. The content of <c>part.json</c>.</summary>
/// <param name="Id">Its name in paths.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Photos">Photos of good parts, in the order in which they came.</param>
/// <param name="Models">Versions of its model, the oldest first.</param>
/// <param name="Region">What is looked at; null for all of a photo.</param>
/// <param name="Current">The version that inspects; null for none.</param>
/// <param name="LastVersion">The highest number that a version has had.</param>
internal sealed record Part(
    string Id, string Name, DateTimeOffset Created, IReadOnlyList<PartPhoto> Photos, IReadOnlyList<ModelVersion> Models, PartRegion? Region = null, int? Current = null,
    int LastVersion = 0)
{
    /// <summary>The version that inspects; null for none.</summary>
    public ModelVersion? Model => Models.FirstOrDefault(model => model.Version == Current);

    /// <summary>Whether photos or region are others than those that the present model has learnt from.</summary>
    public bool IsStale => Model is { } model
        && (!Photos.Concat(model.Taught).Select(photo => photo.Id).ToHashSet().SetEquals(model.Photos) || Region?.Text != model.Region);
}

/// <summary>A photo of a good part.</summary>
/// <param name="Id">The SHA-256 of its file, which is its name in paths.</param>
/// <param name="Name">What people call it; unlike the names of the part's other photos.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Added">When it came.</param>
/// <param name="Sharpness">See <see cref="Imaging.PhotoQuality"/>; of what is looked at.</param>
/// <param name="Brightness">Likewise.</param>
internal sealed record PartPhoto(string Id, string Name, int Width, int Height, long Bytes, DateTimeOffset Added, double Sharpness, double Brightness);

/// <summary>What is looked at of a part's photos.</summary>
/// <param name="Width">Columns of the photos that it is drawn for.</param>
/// <param name="Height">Rows.</param>
/// <param name="Polygons">As they were given; null of a mask.</param>
/// <param name="Text">The text form of <see cref="Protocol.RegionOfInterest"/>.</param>
internal sealed record PartRegion(int Width, int Height, int[][][]? Polygons, string Text);

/// <summary>One version of a part's model.</summary>
/// <param name="Version">Its number: versions count from 1 and never come again.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Origin">What made it.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Method">Its method's name.</param>
/// <param name="Photos">What it has learnt from, by the photos' ids.</param>
/// <param name="Taught">Good photos that it was taught beside the part's own.</param>
/// <param name="Region">What it looks at, as text; null for all.</param>
/// <param name="Names">The names that its photos had, by their ids: a method that trains knows them by these.</param>
internal sealed record ModelVersion(
    int Version, DateTimeOffset Created, Jobs.JobKind Origin, string Job, string Method, IReadOnlyList<string> Photos, IReadOnlyList<PartPhoto> Taught, string? Region,
    IReadOnlyDictionary<string, string> Names);

namespace Falcon.Detection;

/// <summary>What a detector said of a defective part when it was taught something, so that later lessons can be compared with it.</summary>
/// <param name="Photo">Its name.</param>
/// <param name="Sha256">The digest of its file: 64 lower-case hexadecimal digits.</param>
/// <param name="Score">Its score by the model of that time.</param>
public sealed record KnownDefect(string Photo, string Sha256, double Score);

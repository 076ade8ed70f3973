namespace Falcon.Detection;

/// <summary>A good photo that a detector has been taught after its training.</summary>
/// <param name="Photo">Its name.</param>
/// <param name="Sha256">The digest of its file: 64 lower-case hexadecimal digits.</param>
/// <param name="ScoreBefore">Its score by the model that had not seen it.</param>
/// <param name="ScoreAfter">Its score by the model that has learnt it, and whatever was taught together with it.</param>
/// <param name="ThresholdBefore">The threshold before.</param>
/// <param name="ThresholdAfter">The threshold since: at least <paramref name="ScoreAfter"/>.</param>
public sealed record Lesson(string Photo, string Sha256, double ScoreBefore, double ScoreAfter, double ThresholdBefore, double ThresholdAfter);

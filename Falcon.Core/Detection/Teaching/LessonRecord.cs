namespace Falcon.Detection;

/// <summary>A lesson, as files and answers say it.</summary>
/// <param name="Image">The photo's name.</param>
/// <param name="Sha256">The digest of its file.</param>
/// <param name="ScoreBefore">Its score by the model that had not seen it.</param>
/// <param name="ScoreAfter">Its score by the model that has learnt it.</param>
/// <param name="ThresholdBefore">The threshold before.</param>
/// <param name="ThresholdAfter">The threshold since.</param>
public sealed record LessonRecord(string Image, string Sha256, double ScoreBefore, double ScoreAfter, double ThresholdBefore, double ThresholdAfter)
{
    /// <summary>A lesson.</summary>
    public static LessonRecord Of(Lesson lesson) =>
        new(lesson.Photo, lesson.Sha256, lesson.ScoreBefore, lesson.ScoreAfter, lesson.ThresholdBefore, lesson.ThresholdAfter);
}

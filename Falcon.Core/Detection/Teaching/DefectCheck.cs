namespace Falcon.Detection;

/// <summary>A known defect before and after a lesson.</summary>
/// <param name="Photo">Its name.</param>
/// <param name="ScoreBefore">Its score before the lesson; where it is remembered only, that of the lesson at which it was seen last.</param>
/// <param name="ScoreAfter">Its score after the lesson; null where it is remembered only, as nothing can be said of what the model says now.</param>
/// <param name="WasCaught">Whether the score before exceeded the threshold before.</param>
/// <param name="IsCaught">Whether the score after, or the one that is remembered, exceeds the present threshold.</param>
public sealed record DefectCheck(string Photo, double ScoreBefore, double? ScoreAfter, bool WasCaught, bool IsCaught)
{
    /// <summary>Whether it was caught before and no longer is.</summary>
    public bool IsLost => WasCaught && !IsCaught;
}

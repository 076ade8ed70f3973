using Falcon.Training;

namespace Falcon.Detection;

/// <summary>Counts the images of several trainings, one after another, as those of one.</summary>
/// <param name="progress">Whom to tell.</param>
internal sealed class TrainingsInTurn(IProgress<TrainingProgress>? progress) : IProgress<TrainingProgress>
{
    private long _before, _last;

    /// <summary>The next training begins: one that goes on from a checkpoint may begin where the last one ended.</summary>
    public void Next() => (_before, _last) = (_before + _last, 0);

    public void Report(TrainingProgress value)
    {
        if (value.ImagesSeen < _last)
            _before += _last;
        _last = value.ImagesSeen;
        progress?.Report(value with { ImagesSeen = _before + _last });
    }
}

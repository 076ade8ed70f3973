namespace Falcon.Training;

/// <summary>How the learning rate changes during a training.</summary>
public enum RateSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary><see cref="Training.OneCycle"/>, step by step; moves Adam's first beta too.</summary>
    OneCycle,

    /// <summary><see cref="PlateauDecay"/> with a patience of five epochs.</summary>
    Plateau,

    /// <summary>A tenth in the last 5 % of the steps.</summary>
    LateDrop,

    /// <summary>A fifth from 80 % of the epochs on, a fifth of that from 90 % on.</summary>
    TwoFifths,
}

namespace Falcon.Detection;

/// <summary>How scores are had of good photos that the scoring model has not seen.</summary>
public enum CalibrationWay
{
    /// <summary>Each photo is scored by a model that learnt from all the others.</summary>
    LeaveOneOut,

    /// <summary>The photos are dealt into a few folds; each fold is scored by a model that learnt from the others.</summary>
    Folds,

    /// <summary>The final model scores turned, lighter and darker views of its photos.</summary>
    Views,

    /// <summary>The final model scores its own photos, which it knows: the threshold is too low.</summary>
    None,
}

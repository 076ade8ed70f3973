namespace Falcon.Methods;

/// <summary>Which form of MixedTeacher.</summary>
public enum MixedForm
{
    /// <summary>As the authors publish it: a reduced residual student of pooled layers, both pairs trained apart, maps multiplied.</summary>
    Paper,

    /// <summary>As in DistillationAD: students of the teachers' architectures, trained together, maps added.</summary>
    Repo,
}

namespace Falcon.Methods;

/// <summary>Which way the student of remembering normality runs.</summary>
public enum MemoryDirection
{
    /// <summary>From the image, beside the teacher.</summary>
    Forward,

    /// <summary>From a code of the teacher's features back to them, as reverse distillation.</summary>
    Backward,
}

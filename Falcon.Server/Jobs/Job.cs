namespace Falcon.Server.Jobs;

/// <summary>What a job makes a model of.</summary>
internal enum JobKind
{
    /// <summary>A training on the part's photos.</summary>
    Training,

    /// <summary>A good photo that the present model learns further.</summary>
    Lesson,
}

/// <summary>How far a job is.</summary>
internal enum JobState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It is being done.</summary>
    Running,

    /// <summary>Its model is the part's present one.</summary>
    Done,

    /// <summary>It ended without a model.</summary>
    Failed,

    /// <summary>Somebody has called it off.</summary>
    Cancelled,
}

/// <summary>Work that takes a while, done one after another by a process of its own. The content of <c>job.json</c>: what has been acknowledged is done, whatever happens to the
/// server meanwhile.</summary>
/// <param name="Id">Its name in paths.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Part">The part that it is done for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Created">When it was asked for.</param>
/// <param name="Work">What is to be done, to the letter.</param>
internal sealed record Job(string Id, JobKind Kind, string Part, JobState State, DateTimeOffset Created, JobWork Work)
{
    /// <summary>When it began the first time.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Starts { get; init; }

    /// <summary>How often its process ended by itself without a result.</summary>
    public int Crashes { get; init; }

    /// <summary>Photos that may show no good part.</summary>
    public IReadOnlyList<Finding> Doubts { get; init; } = [];

    /// <summary>What else its owner should know.</summary>
    public IReadOnlyList<Finding> Warnings { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public IReadOnlyList<Finding> Problems { get; init; } = [];

    /// <summary>The version of the model that it made.</summary>
    public int? Model { get; init; }

    /// <summary>What the model has learnt in a lesson.</summary>
    public IReadOnlyList<Detection.LessonRecord> Lessons { get; init; } = [];

    /// <summary>Whether nothing will change any more.</summary>
    public bool HasEnded => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}

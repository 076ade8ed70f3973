namespace Falcon.Server.Jobs;

/// <summary>What a job's process tells the server, one JSON value a line. Nothing depends on it: the result is a file.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Doubts">Photos that may show no good part.</param>
/// <param name="Warning">What else its owner should know.</param>
/// <param name="Stopped">Why its process ends without a result, where that is known.</param>
internal sealed record JobMessage(JobProgress? Progress = null, IReadOnlyList<Finding>? Doubts = null, Finding? Warning = null, Finding? Stopped = null);

/// <summary>How a job's process ended: the content of <c>result.json</c>.</summary>
/// <param name="Problems">Why there is no model; none when there is one.</param>
/// <param name="Lessons">What the model has learnt in a lesson.</param>
internal sealed record JobResult(IReadOnlyList<Finding> Problems, IReadOnlyList<Detection.LessonRecord> Lessons);

using System.Text.Json.Nodes;
using Falcon.Detection;
using Falcon.Server.Jobs;

namespace Falcon.Server.Api;

/// <summary>A part.</summary>
/// <param name="Id">Its name in paths.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Photos">Photos of good parts.</param>
/// <param name="Remarks">Photos that may show something else, or were taken otherwise, by focus and exposure; <c>where</c> is the photo's name. A training sees more: its doubts.</param>
/// <param name="Region">What is looked at; null for all of a photo.</param>
/// <param name="Model">The model that inspects; null for none.</param>
/// <param name="Stale">Whether photos or region have changed since the model was trained.</param>
/// <param name="Job">The job that makes the next model; null for none.</param>
internal sealed record PartAnswer(
    string Id, string Name, DateTimeOffset Created, IReadOnlyList<PhotoAnswer> Photos, IReadOnlyList<Finding> Remarks, RegionAnswer? Region, VersionAnswer? Model, bool Stale,
    JobAnswer? Job);

/// <summary>A photo.</summary>
/// <param name="Id">The SHA-256 of its file.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Added">When it came.</param>
/// <param name="Href">Where its file is.</param>
/// <param name="Thumbnail">Where a small JPEG of it is.</param>
internal sealed record PhotoAnswer(string Id, string Name, int Width, int Height, long Bytes, DateTimeOffset Added, string Href, string Thumbnail);

/// <summary>What has become of photos that were sent.</summary>
/// <param name="Photos">Those that the part has now, also those that it had before.</param>
/// <param name="Refused">What is wrong with the others; <c>where</c> is the photo's name.</param>
internal sealed record PhotosAnswer(IReadOnlyList<PhotoAnswer> Photos, IReadOnlyList<Finding> Refused);

/// <summary>What is looked at.</summary>
/// <param name="Width">Columns of the photos that it is drawn for.</param>
/// <param name="Height">Rows.</param>
/// <param name="Polygons">As they were given; null of a mask.</param>
/// <param name="Percent">Of the photo, 0 to 100.</param>
/// <param name="Mask">Where a picture of it is: white where something is looked at.</param>
internal sealed record RegionAnswer(int Width, int Height, int[][][]? Polygons, double Percent, string Mask);

/// <summary>A version of a part's model.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Origin">What made it: training or lesson.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Method">Its method's name.</param>
/// <param name="Photos">How many photos it has learnt from.</param>
/// <param name="Current">Whether it inspects.</param>
internal sealed record VersionAnswer(int Version, DateTimeOffset Created, JobKind Origin, string Job, string Method, int Photos, bool Current);

/// <summary>Everything about a model but its weights.</summary>
internal sealed record ModelAnswer
{
    /// <summary>The version.</summary>
    public required VersionAnswer Version { get; init; }

    /// <summary>The method as the literature writes it.</summary>
    public required string Method { get; init; }

    /// <summary>All options of the method.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>The teacher's architecture and weights.</summary>
    public required TeacherOfModel Teacher { get; init; }

    /// <summary>The master seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Names of the photos that it has learnt from.</summary>
    public required IReadOnlyList<string> Photos { get; init; }

    /// <summary>Scores above it are anomalous.</summary>
    public required double Threshold { get; init; }

    /// <summary>Map values above it belong to regions; null of files of earlier versions.</summary>
    public required double? PixelThreshold { get; init; }

    /// <summary>Where the threshold comes from: scores of photos held out, and what they do not promise.</summary>
    public required CalibrationRecord? Calibration { get; init; }

    /// <summary>Mean losses of each pass by name.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, double>> Losses { get; init; }

    /// <summary>What it was taught after its training.</summary>
    public required IReadOnlyList<LessonRecord> Lessons { get; init; }

    /// <summary>The length of its file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Where its file is.</summary>
    public required string File { get; init; }
}

/// <summary>A model's teacher.</summary>
/// <param name="Backbone">The architecture.</param>
/// <param name="Weights">Its weights.</param>
internal sealed record TeacherOfModel(string Backbone, string Weights);

/// <summary>A threshold.</summary>
/// <param name="Threshold">Scores above it are anomalous.</param>
/// <param name="FalseAlarms">The rate that it is for; null where it was set by hand.</param>
/// <param name="Cautions">What it does not promise.</param>
internal sealed record ThresholdAnswer(double Threshold, double? FalseAlarms, IReadOnlyList<string> Cautions);

/// <summary>A job and how far it is.</summary>
/// <param name="Id">Its name in paths.</param>
/// <param name="Kind">Training or lesson.</param>
/// <param name="Part">The part.</param>
/// <param name="State">How far it is.</param>
/// <param name="Created">When it was asked for.</param>
/// <param name="Started">When it began the first time.</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Starts">How often it was begun: more than once where it went on after a restart.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Photos">How many photos it learns from.</param>
/// <param name="Progress">How far its process is.</param>
/// <param name="Doubts">Photos that may show no good part; <c>where</c> is the photo's name.</param>
/// <param name="Warnings">What else its owner should know.</param>
/// <param name="Problems">Why it failed.</param>
/// <param name="Model">The version of the model that it made.</param>
/// <param name="Lessons">What the model has learnt in a lesson.</param>
internal sealed record JobAnswer(
    string Id, JobKind Kind, string Part, JobState State, DateTimeOffset Created, DateTimeOffset? Started, DateTimeOffset? Finished, int Starts, string Method, int Photos,
    JobProgress Progress, IReadOnlyList<Finding> Doubts, IReadOnlyList<Finding> Warnings, IReadOnlyList<Finding> Problems, int? Model, IReadOnlyList<LessonRecord> Lessons)
{
    /// <summary>A job.</summary>
    public static JobAnswer Of((Job Job, JobProgress Progress) state)
    {
        var (job, progress) = state;
        return new(
            job.Id, job.Kind, job.Part, job.State, job.Created, job.Started, job.Finished, job.Starts, job.Work.Method.Name, job.Work.Photos.Count,
            job.State == JobState.Done ? new("done", 1) : progress, job.Doubts, job.Warnings, job.Problems, job.Model, job.Lessons);
    }
}

/// <summary>A method that there is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">As the literature writes it.</param>
/// <param name="TakesSteps">Whether it trains; otherwise it measures good parts, in seconds.</param>
/// <param name="WhyNotHere">Why the server cannot train it; null where it can.</param>
/// <param name="Options">All its options with their published values.</param>
internal sealed record MethodAnswer(string Name, string DisplayName, bool TakesSteps, Finding? WhyNotHere, JsonObject Options);

/// <summary>Weights of a teacher.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Backbone">The architecture; null where only the file tells.</param>
/// <param name="Licence">An SPDX identifier; null where it is not known.</param>
/// <param name="AtHand">Whether a training may name them.</param>
internal sealed record TeacherAnswer(string Name, string? Backbone, string? Licence, bool AtHand);

/// <summary>The server.</summary>
/// <param name="Version">The version of Falcon.</param>
/// <param name="Token">Whether callers must show a token.</param>
/// <param name="Limits">What is refused.</param>
internal sealed record ServerAnswer(string Version, bool Token, LimitsAnswer Limits);

/// <summary>What is refused.</summary>
/// <param name="Bytes">The largest body.</param>
/// <param name="Pixels">The largest image.</param>
/// <param name="Photos">The most photos of a part.</param>
/// <param name="Parallel">Inspections at the same time.</param>
/// <param name="Waiting">Inspections that may wait.</param>
/// <param name="Inspections">Inspections that are remembered.</param>
/// <param name="Versions">Versions of a model that are kept.</param>
internal sealed record LimitsAnswer(long Bytes, long Pixels, int Photos, int Parallel, int Waiting, int Inspections, int Versions);

/// <summary>Whether the server lives, or is ready.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>stopping</c>.</param>
internal sealed record HealthAnswer(string Status);

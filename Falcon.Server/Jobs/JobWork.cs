using Falcon.Detection;
using Falcon.Methods;

namespace Falcon.Server.Jobs;

/// <summary>Everything that a job's result depends on.</summary>
/// <param name="Name">What the part is called.</param>
/// <param name="Method">The method with all its options.</param>
/// <param name="Teacher">The name of the teacher's weights; null for the best at hand.</param>
/// <param name="Seed">The master seed.</param>
/// <param name="Calibration">How photos are held out; null for what suits the method.</param>
/// <param name="FalseAlarms">The rate that the threshold is for.</param>
/// <param name="Photos">The photos of good parts, in the order in which they are learnt.</param>
/// <param name="Taught">Of these, those that were taught and are not among the part's own.</param>
/// <param name="Region">What is looked at, as text; null for all.</param>
/// <param name="Model">A lesson's model: the version that learns further.</param>
/// <param name="Good">A lesson's photo, which lies in the job's folder.</param>
internal sealed record JobWork(
    string Name, MethodOptions Method, string? Teacher, long Seed, CalibrationWay? Calibration, double FalseAlarms, IReadOnlyList<JobPhoto> Photos,
    IReadOnlyList<Parts.PartPhoto> Taught, string? Region, int? Model = null, Parts.PartPhoto? Good = null)
{
    /// <summary>The name of a lesson's photo in the job's folder.</summary>
    public const string GoodFile = "good";
}

/// <summary>A photo of a job.</summary>
/// <param name="Id">Its digest, and the name of its file.</param>
/// <param name="Name">What it is called, which selects its random streams.</param>
internal sealed record JobPhoto(string Id, string Name);

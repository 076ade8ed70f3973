using Falcon.Detection;

namespace Falcon.Watching;

/// <summary>What a watch says of a file: a line of its journal.</summary>
/// <param name="Number">1 for the first of the journal, then one more each.</param>
/// <param name="File">Its path below the watched folder, with forward slashes.</param>
/// <param name="Sha256">The digest of its content.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Written">When it was written, in universal time.</param>
/// <param name="Inspected">When it was inspected, in universal time.</param>
/// <param name="Threshold">The detector's threshold then.</param>
/// <param name="Prediction">What the detector says of it; null where it says nothing.</param>
/// <param name="Fault">Why it could not be inspected; null where it was. <see cref="Skipped"/> of files that were there before the first watch and are left out.</param>
public sealed record WatchRecord(
    long Number, string File, string Sha256, long Bytes, DateTime Written, DateTime Inspected, double Threshold, PredictionRecord? Prediction, string? Fault)
{
    /// <summary>The <see cref="Fault"/> of files that were there before.</summary>
    public const string Skipped = "there before the watch";
}

using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Everything about a trained detector but its weights.</summary>
/// <param name="Method">The method and its options.</param>
/// <param name="Teacher">The frozen teacher.</param>
/// <param name="Source">Where the training images come from.</param>
/// <param name="Seed">The master seed.</param>
/// <param name="TrainingImages">Names of the training images, in the order in which they were chosen.</param>
/// <param name="Threshold">Image scores above it count as anomalous: the <see cref="FalseAlarmLimit"/> of <paramref name="HeldOut"/>, unless it was set by hand.</param>
/// <param name="Epochs">Mean losses of each epoch by name.</param>
/// <param name="HeldOut">The scores of good photos that the threshold comes from; null in files of earlier versions.</param>
/// <param name="FalseAlarms">The rate of false alarms that the threshold was made for; null where it was set by hand, and in files of earlier versions.</param>
/// <param name="PixelThreshold">Map values above it belong to an anomalous region: the <see cref="FalseAlarmLimit"/> of the held-out photos' levels for
/// <see cref="HeldOutScores.PixelRate"/>; null in files of earlier versions.</param>
/// <param name="OwnRegions">Whether training images had regions of interest of their own: photos without one look like nothing that was learnt.</param>
/// <param name="Lessons">The good photos that it was taught later, in their order (<see cref="Teaching"/>); their names are among <paramref name="TrainingImages"/>, too. Null for
/// none.</param>
/// <param name="KnownDefects">What it said of defective parts at the last lesson that looked at them; null for nothing.</param>
public sealed record DetectorCard(
    MethodOptions Method, TeacherProvenance Teacher, DetectorSource Source, long Seed, IReadOnlyList<string> TrainingImages, double Threshold,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Epochs, HeldOutScores? HeldOut = null, double? FalseAlarms = null,
    double? PixelThreshold = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OwnRegions = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Lesson>? Lessons = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<KnownDefect>? KnownDefects = null);

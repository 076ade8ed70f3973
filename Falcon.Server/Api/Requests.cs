using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Falcon.Server.Api;

/// <summary>A part that shall be made, or called otherwise.</summary>
/// <param name="Name">What people call it.</param>
internal sealed record PartRequest([property: JsonRequired] string Name);

/// <summary>What shall be looked at of a part's photos.</summary>
/// <param name="Polygons">Polygons of corners [x, y] in pixels: what lies in at least one is looked at.</param>
/// <param name="Width">Columns of the photos that they are drawn for; null for those of the first photo.</param>
/// <param name="Height">Rows; null likewise.</param>
internal sealed record RegionRequest([property: JsonRequired] int[][][] Polygons, int? Width = null, int? Height = null);

/// <summary>A training. Everything may be left away.</summary>
/// <param name="Method">The method's name; null for falcon.</param>
/// <param name="Options">Options of the method by name.</param>
/// <param name="Teacher">The name of the teacher's weights; null for the best at hand.</param>
/// <param name="FalseAlarms">The share of good parts that may exceed the threshold, from 0.000001 to below 0.5; null for 0.05.</param>
/// <param name="Calibration">How photos are held out: loo, folds, views or none; null for what suits the method.</param>
/// <param name="Seed">The master seed; null for 0.</param>
/// <param name="Shots">How many of the photos are learnt; null for all.</param>
internal sealed record TrainingRequest(
    string? Method = null, Dictionary<string, JsonNode?>? Options = null, string? Teacher = null, double? FalseAlarms = null, string? Calibration = null, long? Seed = null,
    int? Shots = null);

/// <summary>Another threshold: one of the two.</summary>
/// <param name="Value">The image score above which a part is anomalous.</param>
/// <param name="FalseAlarms">The rate of false alarms that it is for, from 0.000001 to below 0.5.</param>
internal sealed record ThresholdRequest(double? Value = null, double? FalseAlarms = null);

/// <summary>Which version of a part's model inspects.</summary>
/// <param name="Version">One of those that are kept.</param>
internal sealed record VersionRequest([property: JsonRequired] int Version);

/// <summary>The word that the server was started with.</summary>
/// <param name="Token">It.</param>
internal sealed record SessionRequest([property: JsonRequired] string Token);

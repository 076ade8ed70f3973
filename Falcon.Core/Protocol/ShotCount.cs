using System.Globalization;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>How many normal images a method learns from: a number, or all that there are, which comes after every number. As text <c>5</c> or <c>all</c>; in
/// JSON a number or <c>"all"</c>.</summary>
[JsonConverter(typeof(ShotCountJsonConverter))]
public readonly record struct ShotCount : IComparable<ShotCount>
{
    private readonly int _count;

    private ShotCount(int count) => _count = count;

    /// <summary>Every training image of the category.</summary>
    public static ShotCount All => default;

    /// <summary>The number; null for all.</summary>
    public int? Number => _count == 0 ? null : _count;

    /// <summary>In words: <c>1 shot</c>, <c>5 shots</c>, <c>all images</c>.</summary>
    public string Description => Number switch
    {
        null => "all images",
        1 => "1 shot",
        var count => $"{count} shots",
    };

    /// <summary>A number of images.</summary>
    /// <param name="count">From 1; 0 stands for all, as it does in files of earlier versions.</param>
    public static ShotCount Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(count);
    }

    /// <inheritdoc/>
    public int CompareTo(ShotCount other) => (Number ?? int.MaxValue).CompareTo(other.Number ?? int.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => Number?.ToString(CultureInfo.InvariantCulture) ?? "all";
}

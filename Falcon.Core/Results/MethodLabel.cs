using System.Text.Json.Serialization;

namespace Falcon.Results;

/// <summary>What a method is called.</summary>
/// <param name="Name">In files and on the command line: <c>falcon</c>.</param>
/// <param name="Title">In tables and figures, with everything that its options change: <c>FALCON (epochs 20)</c>. Variants of a method differ here; labels with
/// equal names and titles are equal.</param>
public sealed record MethodLabel(string Name, string Title)
{
    /// <summary>The title without what sets variants apart: <c>FALCON</c>, or the name that a study gives; null in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Family { get; init; }

    /// <summary>The method as the literature calls it, where the study gives it another name; null where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>What sets the variant apart, from which the rows of a report choose what they show; null in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MethodSetting>? Settings { get; init; }

    /// <inheritdoc/>
    public bool Equals(MethodLabel? other) => other is not null && (Name, Title) == (other.Name, other.Title);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Title);
}

/// <summary>Something that determines a method's results.</summary>
/// <param name="Name">What it is, in words: <c>noise weight</c>, <c>teacher</c>.</param>
/// <param name="Value">Its value; empty where the name says all.</param>
/// <param name="IsSwept">Whether a sweep varies it: then rows show it even where the value is the published one.</param>
public sealed record MethodSetting(
    string Name, string Value, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsSwept = false)
{
    /// <summary>Both in words.</summary>
    public override string ToString() => Value.Length == 0 ? Name : $"{Name} {Value}";
}

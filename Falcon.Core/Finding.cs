namespace Falcon;

/// <summary>One thing that is wrong with what the user gave: what, where, and how to fix it.</summary>
/// <param name="What">What is wrong, in one sentence without a full stop.</param>
/// <param name="Where">The file, folder, option or field concerned.</param>
/// <param name="Fix">What the user can do about it.</param>
public sealed record Finding(string What, string Where, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Where}: {What}. {Fix}";
}

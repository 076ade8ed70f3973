namespace Falcon.Results;

/// <summary>What a method is called.</summary>
/// <param name="Name">In files and on the command line: <c>falcon</c>.</param>
/// <param name="Title">In tables and figures: <c>FALCON</c>. Variants of a method differ here.</param>
public sealed record MethodLabel(string Name, string Title);

using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>What is compared: a method with a number of training images.</summary>
/// <param name="Method">The method.</param>
/// <param name="Shots">Normal training images.</param>
public sealed record Contender(MethodLabel Method, ShotCount Shots)
{
    /// <summary>Method and shots, as legends name them.</summary>
    public string Title => $"{Method.Title}, {Shots.Description}";
}

namespace Falcon.Parity;

/// <summary>Replays the fixtures of one folder: rebuilds the inputs, computes, and compares with the stored results.</summary>
public interface IParitySuite
{
    /// <summary>The name of the fixture folder this suite understands, for example "resize".</summary>
    string Name { get; }

    /// <summary>The files that the folder must hold.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Compares every tensor of the fixtures in <paramref name="folder"/>, in a fixed order.</summary>
    /// <exception cref="InvalidInputException">A fixture is missing or cannot be read.</exception>
    IEnumerable<ParityResult> Replay(string folder);
}

using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>A suite of files of tensors. What it computes is described once: for a fixture that is read and compared with, and for one that is drawn.</summary>
public abstract class FixtureSuite : IParitySuite
{
    /// <summary>The usual files: training and inference.</summary>
    protected const string TrainFile = "train.safetensors", InferFile = "infer.safetensors";

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [.. Parts.Select(part => part.File)];

    /// <summary>Those of <see cref="Files"/> that take minutes to replay: tests leave them to the command.</summary>
    public virtual IReadOnlyList<string> LongFiles => [];

    /// <summary>The files and what is computed of each, in an order in which later ones may look into earlier ones.</summary>
    protected abstract IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts { get; }

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder) => Replay(folder, Files);

    /// <summary>As above, some of the files.</summary>
    /// <param name="folder">The fixture folder.</param>
    /// <param name="files">Of <see cref="Files"/>.</param>
    public IEnumerable<ParityResult> Replay(string folder, IReadOnlyCollection<string> files)
    {
        var results = new List<ParityResult>();
        foreach (var (file, run) in Parts.Where(part => files.Contains(part.File)))
        {
            using var scope = NewDisposeScope();
            using var fixture = new StoredFixture(folder, file);
            run(fixture);
            results.AddRange([.. fixture.Results, .. fixture.LeftOver]);
        }
        return results;
    }

    /// <summary>Writes a fixture of this method with drawn inputs and what Falcon computes of them.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="recording">How it is drawn.</param>
    public void Record(string folder, Recording recording)
    {
        foreach (var (file, run) in Parts)
        {
            using var scope = NewDisposeScope();
            using var fixture = new RecordedFixture(folder, file, recording);
            run(fixture);
            fixture.Write();
        }
    }
}

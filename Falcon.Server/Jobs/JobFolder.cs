using Falcon.Server.Home;

namespace Falcon.Server.Jobs;

/// <summary>Where a job keeps what it needs and makes.</summary>
/// <param name="home">The server's home.</param>
/// <param name="id">The job.</param>
internal sealed class JobFolder(string home, string id)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(home, "jobs", id);

    /// <summary>The job itself.</summary>
    public string Record => Path.Combine(Folder, "job.json");

    /// <summary>How its process ended.</summary>
    public string Result => Path.Combine(Folder, "result.json");

    /// <summary>The model that it has made.</summary>
    public string Model => Path.Combine(Folder, "model.falcon");

    /// <summary>What an interrupted training goes on from.</summary>
    public string Checkpoint => Path.Combine(Folder, "checkpoint");

    /// <summary>Held by the process that works on it.</summary>
    public string Lock => Path.Combine(Folder, "lock");

    /// <summary>A lesson's photo.</summary>
    public string Good => Path.Combine(Folder, JobWork.GoodFile);

    /// <summary>Writes the job; it is on the disk when this returns.</summary>
    public void Write(Job job) => HomeFile.Write(Record, job);

    /// <summary>Removes what an ended job needs no more.</summary>
    public void Clear()
    {
        foreach (var file in new[] { Model, Good, Lock })
            File.Delete(file);
        if (Directory.Exists(Checkpoint))
            Directory.Delete(Checkpoint, recursive: true);
    }
}

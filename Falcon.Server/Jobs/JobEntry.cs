namespace Falcon.Server.Jobs;

/// <summary>A job that others watch.</summary>
/// <param name="job">What it is.</param>
internal sealed class JobEntry(Job job)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private Job _job = job;
    private JobProgress _progress = new("waiting");

    /// <summary>Calls it off.</summary>
    public CancellationTokenSource Kill { get; } = new();

    /// <summary>What it is and how far.</summary>
    public (Job Job, JobProgress Progress) State
    {
        get
        {
            lock (_gate)
                return (_job, _progress);
        }
    }

    /// <summary>The job.</summary>
    public Job Job => State.Job;

    /// <summary>What it is and how far, and what ends with the next change.</summary>
    public (Job Job, JobProgress Progress, Task Changed) Watch()
    {
        lock (_gate)
            return (_job, _progress, _changed.Task);
    }

    /// <summary>Changes the job, having written it.</summary>
    /// <param name="folder">Where to; null to keep the change in memory.</param>
    /// <param name="change">Null leaves it as it is.</param>
    /// <returns>Whether it has changed.</returns>
    public bool Change(JobFolder? folder, Func<Job, Job?> change)
    {
        lock (_gate)
        {
            if (change(_job) is not { } changed)
                return false;
            folder?.Write(changed);
            _job = changed;
            Tell();
            return true;
        }
    }

    /// <summary>Tells of progress.</summary>
    public void Progress(JobProgress progress)
    {
        lock (_gate)
        {
            _progress = progress;
            Tell();
        }
    }

    private void Tell()
    {
        var told = _changed;
        _changed = New();
        told.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

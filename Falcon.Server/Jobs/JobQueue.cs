using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Falcon.Server.Home;
using Falcon.Server.Parts;
using Falcon.Server.Safety;

namespace Falcon.Server.Jobs;

/// <summary>The jobs, done one after another. What a killed server has left is gone on with.</summary>
internal sealed class JobQueue : IAsyncDisposable
{
    private const int MostUnfinished = 100, MostEnded = 200, MostCrashes = 2;

    private readonly ServerOptions _options;
    private readonly ServerHome _home;
    private readonly PartStore _parts;
    private readonly ConcurrentDictionary<string, JobEntry> _jobs = [];
    private readonly Channel<JobEntry> _waiting = Channel.CreateUnbounded<JobEntry>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string, int> _published;
    private Task _work = Task.CompletedTask;

    /// <param name="options">The server's.</param>
    /// <param name="home">Where jobs are kept.</param>
    /// <param name="parts">Where models go.</param>
    /// <param name="published">Told of the part and the version when a model has become the present one.</param>
    public JobQueue(ServerOptions options, ServerHome home, PartStore parts, Action<string, int> published)
    {
        (_options, _home, _parts, _published) = (options, home, parts, published);
        foreach (var folder in Directory.GetDirectories(home.Jobs).Select(Path.GetFileName).OfType<string>().Where(Identifier.IsOne))
            try
            {
                var job = HomeFile.Read<Job>(new JobFolder(home.Folder, folder).Record);
                _jobs[job.Id] = new(job);
            }
            catch (InvalidInputException error)
            {
                options.Log?.Invoke($"a job is left out: {error.Message}");
            }
        foreach (var entry in _jobs.Values.Where(entry => !entry.Job.HasEnded).OrderBy(entry => entry.Job.Created))
            _waiting.Writer.TryWrite(entry);
    }

    /// <summary>All that are remembered, the newest first.</summary>
    public IReadOnlyList<JobEntry> All => [.. _jobs.Values.OrderByDescending(entry => entry.Job.Created)];

    /// <summary>Begins to work.</summary>
    public void Start() => _work = Task.Run(Work);

    /// <summary>A job.</summary>
    /// <exception cref="ProblemException">There is no such job.</exception>
    public JobEntry Get(string id) =>
        _jobs.TryGetValue(id, out var entry) ? entry : throw ProblemException.NotFound("there is no such job", $"job {id}", "GET /api/jobs lists the jobs that are remembered.");

    /// <summary>The unfinished jobs of a part.</summary>
    public IEnumerable<Job> Unfinished(string part) => _jobs.Values.Select(entry => entry.Job).Where(job => job.Part == part && !job.HasEnded);

    /// <summary>Takes a job on; it is on the disk when this returns.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="part">For which part.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="prepare">Puts further files into the job's folder; null for none.</param>
    public JobEntry Add(JobKind kind, string part, JobWork work, Action<JobFolder>? prepare = null)
    {
        if (_jobs.Values.Count(entry => !entry.Job.HasEnded) >= MostUnfinished)
            throw ProblemException.Busy($"{MostUnfinished} jobs are waiting already", "jobs");
        var job = new Job(Identifier.Next(), kind, part, JobState.Queued, DateTimeOffset.UtcNow, work);
        var folder = Folder(job);
        prepare?.Invoke(folder);
        folder.Write(job);
        var entry = new JobEntry(job);
        _jobs[job.Id] = entry;
        _waiting.Writer.TryWrite(entry);
        return entry;
    }

    /// <summary>Calls a job off.</summary>
    /// <exception cref="ProblemException">It has ended.</exception>
    public void Cancel(JobEntry entry)
    {
        if (!entry.Change(Folder(entry.Job), job => job.HasEnded ? null : job with { State = JobState.Cancelled, Finished = DateTimeOffset.UtcNow }))
            throw ProblemException.Conflict("the job has ended", $"job {entry.Job.Id}", "There is nothing to call off.");
        entry.Kill.Cancel();
    }

    /// <summary>Stops; what is being done leaves a checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    private JobFolder Folder(Job job) => new(_home.Folder, job.Id);

    private async Task Work()
    {
        try
        {
            await foreach (var entry in _waiting.Reader.ReadAllAsync(_stop.Token))
                await Do(entry);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task Do(JobEntry entry)
    {
        var folder = Folder(entry.Job);
        try
        {
            while (!entry.Job.HasEnded && !_stop.IsCancellationRequested)
                await Once(entry, folder);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (error is not InvalidInputException)
                _options.Log?.Invoke($"job {entry.Job.Id}: {error}");
            Fail(entry, folder, (error as InvalidInputException)?.Findings ?? [new(error.Message, $"job {entry.Job.Id}", "The server's log says more.")]);
        }
        if (entry.Job.HasEnded)
            Tidy(entry.Job, folder);
    }

    private async Task Once(JobEntry entry, JobFolder folder)
    {
        if (!File.Exists(folder.Result))
        {
            var now = DateTimeOffset.UtcNow;
            Note(entry, folder, job => job.HasEnded ? null : job with { State = JobState.Running, Started = job.Started ?? now, Starts = job.Starts + 1 });
            var pace = new Pace();
            Finding? stopped = null;
            var (code, errors) = await WorkerProcess.Run(
                _options.Worker, _home.Folder, entry.Job.Id,
                message =>
                {
                    stopped = message.Stopped ?? stopped;
                    Hear(entry, folder, message, pace);
                },
                _stop.Token, entry.Kill.Token);
            if (!File.Exists(folder.Result))
            {
                if (!entry.Job.HasEnded && !_stop.IsCancellationRequested)
                    Crashed(entry, folder, code, errors, stopped);
                return;
            }
        }
        var result = HomeFile.Read<JobResult>(folder.Result);
        if (result.Problems.Count > 0)
            Fail(entry, folder, result.Problems);
        else
            Publish(entry, folder, result);
    }

    /// <summary>Changes a job also where the disk has no room for that: then the next start finds the job as it was, and does the rest again.</summary>
    private static void Note(JobEntry entry, JobFolder folder, Func<Job, Job?> change)
    {
        try
        {
            entry.Change(folder, change);
        }
        catch (InvalidInputException)
        {
            entry.Change(null, change);
        }
    }

    private static void Hear(JobEntry entry, JobFolder folder, JobMessage message, Pace pace)
    {
        if (message.Doubts is { } doubts)
            Note(entry, folder, job => job with { Doubts = doubts });
        if (message.Warning is { } warning)
            Note(entry, folder, job => job with { Warnings = [.. job.Warnings, warning] });
        if (message.Progress is { } progress)
            entry.Progress(progress with { SecondsLeft = pace.Left(progress.Share) });
    }

    private void Crashed(JobEntry entry, JobFolder folder, int code, string errors, Finding? stopped)
    {
        _options.Log?.Invoke($"job {entry.Job.Id}: its process ended with code {code}: {errors}");
        if (entry.Job.Crashes >= MostCrashes)
            Fail(entry, folder, [stopped ?? new($"its process ended {MostCrashes + 1} times without a result, the last time with code {code}", $"job {entry.Job.Id}", "Is there enough memory? The server's log says more.")]);
        else
            Note(entry, folder, job => job.HasEnded ? null : job with { Crashes = job.Crashes + 1 });
    }

    private static void Fail(JobEntry entry, JobFolder folder, IReadOnlyList<Finding> problems) =>
        Note(entry, folder, job => job.HasEnded ? null : job with { State = JobState.Failed, Finished = DateTimeOffset.UtcNow, Problems = problems });

    /// <summary>Makes the job's model the part's present one. A server that is killed in the midst of this does it again.</summary>
    private void Publish(JobEntry entry, JobFolder folder, JobResult result)
    {
        var job = entry.Job;
        if (_parts.Find(job.Part) is null)
        {
            Fail(entry, folder, [new("the part was deleted meanwhile", $"part {job.Part}", "Nothing needs to be done.")]);
            return;
        }
        var work = job.Work;
        var part = _parts.Change(job.Part, part =>
        {
            if (part.Models.Any(model => model.Job == job.Id))
                return part;
            var version = part.LastVersion + 1;
            var file = _parts.ModelFile(part, version);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // A server that was killed between this and the part's record has moved them already.
            if (File.Exists(folder.Model))
                File.Move(folder.Model, file, overwrite: true);
            if (work.Good is { } good && _parts.PhotoFile(part, good.Id) is var photo && File.Exists(folder.Good))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(photo)!);
                File.Move(folder.Good, photo, overwrite: true);
            }
            IEnumerable<JobPhoto> learnt = work.Good is null ? work.Photos : work.Photos.Append(new(work.Good.Id, work.Good.Name));
            var model = new ModelVersion(
                version, DateTimeOffset.UtcNow, job.Kind, job.Id, work.Method.Name, [.. learnt.Select(photo => photo.Id)],
                work.Good is null ? work.Taught : [.. work.Taught, work.Good], work.Region, learnt.ToDictionary(photo => photo.Id, photo => photo.Name));
            return part with { Models = [.. part.Models.Append(model).TakeLast(_options.MostVersions)], Current = version, LastVersion = version };
        });
        var made = part.Models.First(model => model.Job == job.Id).Version;
        _published(part.Id, made);
        Note(entry, folder, current => current.HasEnded ? null : current with { State = JobState.Done, Finished = DateTimeOffset.UtcNow, Model = made, Lessons = result.Lessons });
    }

    private void Tidy(Job job, JobFolder folder)
    {
        try
        {
            folder.Clear();
            if (_parts.Find(job.Part) is not null)
                _parts.Sweep(job.Part, () => Needed(job.Part));
            foreach (var old in All.Where(entry => entry.Job.HasEnded).Skip(MostEnded))
                if (_jobs.TryRemove(old.Job.Id, out _))
                    Directory.Delete(Folder(old.Job).Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ProblemException)
        {
            _options.Log?.Invoke($"job {job.Id}: something of it stays behind: {error.Message}");
        }
    }

    /// <summary>Photos of a part that unfinished jobs learn from.</summary>
    public IEnumerable<string> Needed(string part) => Unfinished(part).SelectMany(job => job.Work.Photos.Select(photo => photo.Id));

    /// <summary>How fast a job's process is.</summary>
    private sealed class Pace
    {
        private readonly Stopwatch _clock = new();
        private double _start;

        public double? Left(double? share)
        {
            if (share is not { } done)
                return null;
            if (!_clock.IsRunning)
            {
                _clock.Start();
                _start = done;
            }
            return done > _start ? _clock.Elapsed.TotalSeconds * (1 - done) / (done - _start) : null;
        }
    }
}

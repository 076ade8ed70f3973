using System.Diagnostics;
using System.Text.Json;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Experiments;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Server.Home;
using Falcon.Training;
using TorchSharp;

namespace Falcon.Server.Jobs;

/// <summary>Does one job of a server in a process of its own, which leaves the processor to inspections, and can be stopped and continued. It stops, with a checkpoint, when
/// its standard input ends: when the server ends, however it does.</summary>
public static class JobWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(30), BetweenMessages = TimeSpan.FromMilliseconds(100);

    /// <summary>Does the job, from where an earlier process has left it.</summary>
    /// <param name="home">The server's home.</param>
    /// <param name="job">The job's id.</param>
    /// <param name="device">Where networks are: <c>cpu</c> or <c>cuda:N</c>.</param>
    /// <param name="threads">Threads of each operation.</param>
    /// <param name="givesWay">Whether everything else goes first.</param>
    /// <param name="server">What comes from the server: nothing, and its end when this shall stop.</param>
    /// <param name="messages">What the server is told.</param>
    /// <param name="cancellation">Stops likewise.</param>
    /// <exception cref="InvalidInputException">There is no such job, or another process works on it.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a training has left a checkpoint.</exception>
    public static void Run(string home, string job, string device, int threads, bool givesWay, Stream server, TextWriter messages, CancellationToken cancellation)
    {
        if (!Identifier.IsOne(job))
            throw new InvalidInputException("is no job", job, "Jobs are started by the server.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Listen(server, stop);
        if (givesWay)
            GiveWay();
        var folder = new JobFolder(Path.GetFullPath(home), job);
        var work = HomeFile.Read<Job>(folder.Record);
        // A process of a server that was killed may still be writing its checkpoint.
        using var held = Await(folder, stop.Token);
        if (File.Exists(folder.Result))
            return;
        ComputeThreads.Use(threads);
        var teller = new Teller(messages);
        try
        {
            var result = Do(work, folder, Path.Combine(home, "parts", work.Part), torch.device(device), teller, stop.Token);
            HomeFile.Write(folder.Result, result);
        }
        catch (DiskFullException)
        {
            teller.Say(new JobMessage(Stopped: new("the server's disk is full", $"job {job}", "Free some space, then ask for it again.")));
            throw;
        }
    }

    /// <summary>Lets everything else go first: an inspection takes as long as without the training beside it (docs/server.md).</summary>
    private static void GiveWay()
    {
        try
        {
            using var own = Process.GetCurrentProcess();
            own.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // A system that does not allow it: then they share.
        }
    }

    private static void Listen(Stream server, CancellationTokenSource stop)
    {
        var listener = new Thread(() =>
        {
            var nothing = new byte[16];
            try
            {
                while (server.Read(nothing) > 0)
                {
                }
            }
            catch (IOException)
            {
                // As good as its end.
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The work is done.
            }
        })
        { IsBackground = true };
        listener.Start();
    }

    private static FileStream Await(JobFolder folder, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); ;)
            try
            {
                return ServerHome.Hold(folder.Lock, folder.Folder);
            }
            catch (InvalidInputException) when (clock.Elapsed < Patience)
            {
                cancellation.WaitHandle.WaitOne(100);
                cancellation.ThrowIfCancellationRequested();
            }
    }

    private static JobResult Do(Job job, JobFolder folder, string part, torch.Device device, Teller teller, CancellationToken cancellation)
    {
        var names = job.Work.Photos.ToDictionary(photo => Path.Combine(part, "photos", photo.Id), photo => photo.Name);
        names[folder.Good] = job.Work.Good?.Name ?? "";
        try
        {
            return job.Kind == JobKind.Training
                ? Train(job.Work, folder, Items(job.Work, part), device, teller, cancellation)
                : Teach(job.Work, folder, Path.Combine(part, "models", $"{job.Work.Model}.falcon"), Items(job.Work, part), device, teller, cancellation);
        }
        catch (DiskFullException)
        {
            throw;
        }
        catch (InvalidInputException error)
        {
            return new([.. error.Findings.Select(finding => finding with { Where = names.GetValueOrDefault(finding.Where, finding.Where) })], []);
        }
    }

    private static ImageItem[] Items(JobWork work, string part) =>
        [.. work.Photos.Select(photo => new ImageItem(Path.Combine(part, "photos", photo.Id), photo.Name, "good", IsAnomalous: false))];

    private static JobResult Train(JobWork work, JobFolder folder, ImageItem[] photos, torch.Device device, Teller teller, CancellationToken cancellation)
    {
        teller.Say(new JobProgress("loading"));
        var plan = CalibrationPlan.Of(work.Method, photos, work.Calibration);
        using var teacher = Load(work.Method, work.Teacher, device);
        teller.Say(new JobProgress("training"));
        using var detector = CalibratedTraining.Run(
            work.Method, teacher, photos, new MasterSeed(work.Seed), plan, work.FalseAlarms, new DetectorSource("", work.Name, ""),
            progress: teller.Counting("training", plan.ImagesSeen(work.Method), plan.Trainings + 1), cancellation: cancellation,
            doubts: found => teller.Say(new JobMessage(Doubts: found)), checkpoint: new TrainingCheckpoint(folder.Checkpoint, Interval));
        teller.Say(new JobProgress("saving", 1));
        detector.Save(folder.Model);
        return new([], []);
    }

    private static JobResult Teach(JobWork work, JobFolder folder, string model, ImageItem[] known, torch.Device device, Teller teller, CancellationToken cancellation)
    {
        teller.Say(new JobProgress("loading"));
        using var detector = Detector.Load(model, device);
        ImageItem[] good = [new(folder.Good, work.Good!.Name, "good", IsAnomalous: false)];
        teller.Say(new JobProgress("learning"));
        var most = detector.Card.Method.Plan.ImagesSeen(detector.Card.TrainingImages.Count + 1);
        var outcome = Teaching.Run(detector, good, known: known, progress: teller.Counting("learning", most, 1), cancellation: cancellation);
        teller.Say(new JobProgress("saving", 1));
        detector.Save(folder.Model);
        return new([], [.. outcome.Lessons.Select(LessonRecord.Of)]);
    }

    private static Teacher Load(MethodOptions method, string? name, torch.Device device) =>
        TeacherWeightsModule.load(method, Precision.Float32, device, MethodTeacher.weights(TrainingChoice.Teacher(name), method));

    /// <summary>Writes messages, progress not more often than somebody can see it.</summary>
    private sealed class Teller(TextWriter messages) : IProgress<TrainingProgress>
    {
        private readonly Stopwatch _since = new();
        private long _total;
        private int _trainings, _begun;
        private string _phase = "";

        public void Say(JobProgress progress) => Say(new JobMessage(progress));

        public void Say(JobMessage message)
        {
            messages.WriteLine(JsonSerializer.Serialize(message, HomeFile.Json));
            messages.Flush();
        }

        /// <param name="phase">What is being done.</param>
        /// <param name="total">Images in all; 0 where none are counted, and trainings are.</param>
        /// <param name="trainings">Trainings in all.</param>
        public Teller Counting(string phase, long total, int trainings)
        {
            (_phase, _total, _trainings) = (phase, total, trainings);
            return this;
        }

        public void Report(TrainingProgress value)
        {
            if (value.Remark is { } remark)
                Say(new JobMessage(Warning: new(remark, "checkpoint", "Nothing needs to be done.")));
            if (value.Epoch == 0)
                _begun++;
            if (_since.IsRunning && _since.Elapsed < BetweenMessages && value.Epoch < value.Epochs)
                return;
            _since.Restart();
            Say(new JobProgress(
                _phase, _total > 0 ? Math.Min(1, (double)value.ImagesSeen / _total) : Math.Min(1, (_begun - 1.0) / _trainings), value.Epoch, value.Epochs,
                value.Losses.ToDictionary(loss => loss.Name, loss => loss.Value)));
        }
    }
}

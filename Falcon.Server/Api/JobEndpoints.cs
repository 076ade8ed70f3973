using System.Text.Json;
using Falcon.Server.Home;
using Falcon.Server.Jobs;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Falcon.Server.Api;

/// <summary>Trainings and lessons, and how far they are.</summary>
internal static class JobEndpoints
{
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder api, ServerParts server)
    {
        api.MapPost("/parts/{id}/trainings", Accepted<JobAnswer> (string id, TrainingRequest request) =>
        {
            JobEntry? entry = null;
            // Photos that a job shall learn from are not swept away before it is taken on.
            server.Parts.Change(id, part =>
            {
                Refuse(server, part.Id);
                var work = TrainingChoice.Of(part, request, server.Parts);
                entry = server.Jobs.Add(JobKind.Training, id, work);
                return part;
            });
            return Accepted(entry!);
        }).WithTags("Jobs").WithSummary("Trains a model on the part's photos: a job, whose model inspects as soon as it is done");

        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("", (string? part) => server.Jobs.All.Where(entry => part is null || entry.Job.Part == part).Select(entry => JobAnswer.Of(entry.State)).ToArray())
            .WithSummary("The jobs that are remembered, the newest first; ?part= those of a part");
        jobs.MapGet("/{id}", (string id) => JobAnswer.Of(server.Jobs.Get(id).State)).WithSummary("A job");
        jobs.MapDelete("/{id}", (string id) =>
        {
            var entry = server.Jobs.Get(id);
            server.Jobs.Cancel(entry);
            return JobAnswer.Of(entry.State);
        }).WithSummary("Calls a job off");
        jobs.MapGet("/{id}/events", (string id, HttpContext context) => Events(server, server.Jobs.Get(id), context))
            .WithSummary("A job's progress as server-sent events: state, progress, doubts, warning, and done, failed or cancelled at the end, each with the whole job")
            .Produces<JobAnswer>(StatusCodes.Status200OK, "text/event-stream");
    }

    /// <summary>One model of a part is made at a time.</summary>
    public static void Refuse(ServerParts server, string part)
    {
        if (server.Jobs.Unfinished(part).FirstOrDefault() is { } job)
            throw ProblemException.Conflict("a job makes a model of it already", $"job {job.Id}", "Wait for it, or call it off.");
    }

    /// <summary>The answer to a job that was taken on.</summary>
    public static Accepted<JobAnswer> Accepted(JobEntry entry) => TypedResults.Accepted($"/api/jobs/{entry.Job.Id}", JobAnswer.Of(entry.State));

    private static async Task Events(ServerParts server, JobEntry entry, HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, server.Stopping.Token);
        var (response, cancellation) = (context.Response, context.RequestAborted);
        response.ContentType = "text/event-stream";
        var (job, progress, changed) = entry.Watch();
        await Write("state", (job, progress));
        var (doubts, warnings) = (job.Doubts.Count, job.Warnings.Count);
        while (!job.HasEnded && !server.Stopping.IsCancellationRequested)
        {
            if (await Task.WhenAny(changed, Task.Delay(BetweenSigns, ending.Token)) != changed)
            {
                cancellation.ThrowIfCancellationRequested();
                if (ending.IsCancellationRequested)
                    return;
                await response.WriteAsync(": still there\n\n", cancellation);
                await response.Body.FlushAsync(cancellation);
                continue;
            }
            (job, progress, changed) = entry.Watch();
            var name = job.HasEnded ? job.State.ToString().ToLowerInvariant() : job.Doubts.Count != doubts ? "doubts" : job.Warnings.Count != warnings ? "warning" : "progress";
            (doubts, warnings) = (job.Doubts.Count, job.Warnings.Count);
            await Write(name, (job, progress));
        }

        async Task Write(string name, (Job, JobProgress) state)
        {
            await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(JobAnswer.Of(state), HomeFile.Json)}\n\n", cancellation);
            await response.Body.FlushAsync(cancellation);
        }
    }
}

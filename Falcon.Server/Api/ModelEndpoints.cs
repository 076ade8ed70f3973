using Falcon.Detection;
using Falcon.Methods;
using Falcon.Metrics;
using Falcon.Server.Parts;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Falcon.Server.Api;

/// <summary>The model of a part: its card, threshold, file and earlier versions.</summary>
internal static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder api, ServerParts server)
    {
        var part = api.MapGroup("/parts/{id}").WithTags("Model");
        part.MapGet("/model", (string id) => Card(server, Current(server, id))).WithSummary("The model's card: threshold, held-out scores, losses, lessons");
        part.MapGet("/model/threshold", (string id, double? falseAlarms) => Threshold(server, Current(server, id), falseAlarms))
            .WithSummary("The threshold; with ?falseAlarms=0.01 what it would be for that rate, without a change");
        part.MapPut("/model/threshold", (string id, ThresholdRequest request) => SetThreshold(server, Current(server, id), request))
            .WithSummary("Sets the threshold, by its value or by a rate of false alarms");
        part.MapGet("/model/file", (string id) => Current(server, id) is var part ? FileOf(server, part) : null!).WithSummary("The model file, as 'falcon predict' reads it");
        part.MapGet("/models", (string id) => server.Parts.Get(id) is var part ? part.Models.Reverse().Select(model => Answer(part, model)).ToArray() : [])
            .WithSummary("The versions of the model that are kept, the newest first");
        part.MapPut("/model/version", (string id, VersionRequest request) => SetVersion(server, id, request.Version))
            .WithSummary("Goes back to an earlier version, so that a lesson or a training is undone, or forward again");
    }

    /// <summary>A version as it is told.</summary>
    public static VersionAnswer Answer(Part part, ModelVersion model) =>
        new(model.Version, model.Created, model.Origin, model.Job, model.Method, model.Photos.Count, model.Version == part.Current);

    private static Part Current(ServerParts server, string id)
    {
        var part = server.Parts.Get(id);
        return part.Current is null ? throw Inspections.LoadedModels.NoModel(part) : part;
    }

    private static ModelAnswer Card(ServerParts server, Part part)
    {
        var file = server.Parts.PresentModel(part, part.Current!.Value);
        var card = Detector.CardOf(file);
        return new()
        {
            Version = Answer(part, part.Model!),
            Method = card.Method.DisplayName,
            Options = MethodJson.WriteAll(card.Method),
            Teacher = new(card.Teacher.Backbone, card.Teacher.Weights),
            Seed = card.Seed,
            Photos = card.TrainingImages,
            Threshold = card.Threshold,
            PixelThreshold = card.PixelThreshold,
            Calibration = CalibrationRecord.Of(card),
            Losses = card.Epochs,
            Lessons = [.. (card.Lessons ?? []).Select(LessonRecord.Of)],
            Bytes = new FileInfo(file).Length,
            File = $"/api/parts/{part.Id}/model/file",
        };
    }

    private static ThresholdAnswer Threshold(ServerParts server, Part part, double? rate)
    {
        var card = Detector.CardOf(server.Parts.PresentModel(part, part.Current!.Value));
        if (rate is not null)
            card = card with { Threshold = HeldOut(card, part).Limit(Checked(rate.Value)), FalseAlarms = rate };
        return new(card.Threshold, card.FalseAlarms, [.. CalibrationRecord.CautionsOf(card)]);
    }

    /// <summary>The threshold is in the model file, and so is its change before it is acknowledged.</summary>
    private static ThresholdAnswer SetThreshold(ServerParts server, Part part, ThresholdRequest request)
    {
        if ((request.Value is null) == (request.FalseAlarms is null))
            throw ProblemException.Invalid("there is no threshold, or there are two", "value, falseAlarms", "Give one of them.");
        if (request.Value is { } value && !(double.IsFinite(value) && value > 0))
            throw ProblemException.Invalid($"{value} is no threshold", "value", "Give a number above 0.");
        var rate = request.FalseAlarms is { } given ? Checked(given) : (double?)null;
        server.Parts.Change(part.Id, now =>
        {
            if (server.Jobs.Unfinished(part.Id).FirstOrDefault(job => job.Kind == Jobs.JobKind.Lesson) is { } lesson)
                throw ProblemException.Conflict("the model learns at the moment", $"job {lesson.Id}", "Set the threshold when it has learnt.");
            using var use = server.Models.Rent(now);
            var detector = use.Detector;
            try
            {
                if (rate is { } wanted)
                    detector.Calibrate(HeldOut(detector.Card, part), wanted);
                else
                    detector.Threshold = request.Value!.Value;
                detector.Save(server.Parts.ModelFile(now, use.Version));
            }
            catch
            {
                // What is in memory is not what is in the file.
                server.Models.Forget(part.Id);
                throw;
            }
            return now;
        });
        return Threshold(server, server.Parts.Get(part.Id), null);
    }

    private static double Checked(double rate) =>
        FalseAlarmLimit.IsRate(rate) ? rate : throw ProblemException.Invalid($"{rate} is no rate of false alarms", "falseAlarms", "Give a share from 0.000001 to below 0.5, for example 0.01.");

    private static HeldOutScores HeldOut(DetectorCard card, Part part) =>
        card.HeldOut ?? throw ProblemException.Conflict("the model holds no scores of photos held out", $"part {part.Name}", "Give a value, or train it again.");

    private static PhysicalFileHttpResult FileOf(ServerParts server, Part part) =>
        TypedResults.PhysicalFile(server.Parts.PresentModel(part, part.Current!.Value), "application/octet-stream", $"{part.Name}.falcon");

    private static PartAnswer SetVersion(ServerParts server, string id, int version)
    {
        var changed = server.Parts.Change(id, part => part.Models.All(model => model.Version != version)
            ? throw ProblemException.NotFound("the part has no such version", $"version {version}", "GET /api/parts/{id}/models lists those that are kept.")
            : server.Jobs.Unfinished(id).FirstOrDefault(job => job.Kind == Jobs.JobKind.Lesson) is { } lesson
                ? throw ProblemException.Conflict("the model learns at the moment", $"job {lesson.Id}", "Wait for it, or call it off.")
                : part with { Current = version });
        return PartEndpoints.Answer(server, changed);
    }
}

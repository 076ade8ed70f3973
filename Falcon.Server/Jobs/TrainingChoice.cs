using System.Text.Json.Nodes;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Experiments;
using Falcon.Methods;
using Falcon.Metrics;
using Falcon.Server.Api;
using Falcon.Server.Parts;
using Falcon.Weights;
using Microsoft.FSharp.Core;
using Assignment = Falcon.Experiments.MethodSettings.Assignment;

namespace Falcon.Server.Jobs;

/// <summary>From what somebody asks for to a training, with everything checked that can be.</summary>
internal static class TrainingChoice
{
    /// <summary>The largest input of a network, as a side in pixels: a larger one is a slip that would take all memory.</summary>
    private const int LargestSide = 2048;

    /// <summary>What is to be done.</summary>
    /// <param name="part">The part as it is now.</param>
    /// <param name="request">What is asked for; everything may be left away.</param>
    /// <param name="parts">Where photos are.</param>
    /// <exception cref="InvalidInputException">Something cannot be done: all that is known of.</exception>
    public static JobWork Of(Part part, TrainingRequest request, PartStore parts)
    {
        // The present model's lessons stay learnt.
        PartPhoto[] taught = [.. (part.Model?.Taught ?? []).Where(photo => part.Photos.All(own => own.Id != photo.Id))];
        PartPhoto[] all = [.. part.Photos, .. taught];
        if (all.Length == 0)
            throw new InvalidInputException("there is no photo of a good part", part.Name, "Add photos: POST /api/parts/{id}/photos.");
        var seed = request.Seed ?? 0;
        var rate = request.FalseAlarms ?? FalseAlarmLimit.UsualRate;
        if (!FalseAlarmLimit.IsRate(rate))
            throw new InvalidInputException($"{rate} is no rate of false alarms", "falseAlarms", "Give a share from 0.000001 to below 0.5, for example 0.05.");
        CalibrationWay? way = request.Calibration is { } text ? CalibrationRecord.ParseWay(text, "calibration") : null;
        var chosen = Chosen(all, request.Shots, seed);
        var method = Method(request, part.Region);
        ImageItem[] items = [.. chosen.Select(photo => new ImageItem(parts.PresentPhoto(part, photo), photo.Name, "good", IsAnomalous: false))];
        if (method.Preprocessing.Misfits(items).ToArray() is { Length: > 0 } misfits)
            throw new InvalidInputException([.. misfits.Select(misfit => Named(misfit, items))]);
        _ = CalibrationPlan.Of(method, items, way);
        return new(
            part.Name, method, request.Teacher, seed, way, rate, [.. chosen.Select(photo => new JobPhoto(photo.Id, photo.Name))],
            [.. taught.Where(chosen.Contains)], part.Region?.Text);
    }

    private static Finding Named(Finding finding, ImageItem[] items) =>
        finding with { Where = items.FirstOrDefault(item => item.Path == finding.Where)?.RelativeName ?? finding.Where };

    private static PartPhoto[] Chosen(PartPhoto[] photos, int? shots, long seed)
    {
        if (shots is not { } count || count == photos.Length)
            return photos;
        if (count < 1 || count > photos.Length)
            throw new InvalidInputException($"there are {photos.Length} photos, not {count}", "shots", $"Give a number from 1 to {photos.Length}, or leave it away to learn from all.");
        // As 'falcon train' chooses: by the order of names.
        PartPhoto[] sorted = [.. photos.OrderBy(photo => photo.Name, StringComparer.Ordinal)];
        var category = new Category("", "", "", [.. sorted.Select(photo => new ImageItem(photo.Id, photo.Name, "good", IsAnomalous: false))], []);
        return [.. ShotSampler.Default.Select(category, count, new(seed)).Select(item => sorted.First(photo => photo.Id == item.Path))];
    }

    private static MethodOptions Method(TrainingRequest request, PartRegion? region)
    {
        var published = MethodSettings.find("method", request.Method ?? "falcon");
        if (WhyNotHere(published) is { } why)
            throw new InvalidInputException([why]);
        if (request.Teacher is { } name && !IsKnown(name))
            throw new InvalidInputException("there is no such teacher", $"teacher {name}", "GET /api/teachers lists them; 'falcon weights import' adds one.");
        var given = Teacher(request.Teacher);
        IEnumerable<Assignment> asked = [.. (request.Options ?? []).Select(option => Asked(option.Key, option.Value)), .. region is null ? (Assignment[])[] : [new("region", "regionOfInterest", region.Text)]];
        var options = MethodSettings.assign(
            FuncConvert.FromFunc<MethodOptions, MethodOptions>(options => MethodTeacher.taught(given, options)), published,
            asked.Select(FSharpResult<Assignment, Finding>.NewOk));
        if (options.FurtherImages is not null || options.FurtherFile is not null)
            throw new InvalidInputException("names files of the server, which nobody can do from elsewhere", "options", "Train with 'falcon train' on the server's machine.");
        if (options.Preprocessing is var seen && (seen.Width > LargestSide || seen.Height > LargestSide))
            throw new InvalidInputException($"an input of {seen.Width}×{seen.Height} is too large", "options inputSize", $"Give at most {LargestSide}, and tiling for large photos.");
        _ = MethodTeacher.weights(given, options);
        return options;
    }

    private static Assignment Asked(string name, JsonNode? value) => name.Equals("regionOfInterest", StringComparison.OrdinalIgnoreCase)
        ? throw new InvalidInputException("belongs to the part", $"options {name}", "Draw it with PUT /api/parts/{id}/region.")
        : new($"options {name}", name, value?.ToJsonString() ?? "null");

    /// <summary>Why a method cannot be trained by the server; null where it can.</summary>
    public static Finding? WhyNotHere(MethodOptions method) =>
        method.NeedsAuxiliary ? new($"{method.DisplayName} learns from another data set, with masks", $"method {method.Name}", "Train it with 'falcon train' on the server's machine.")
        : method.FurtherImages is not null || method.FurtherFile is not null
            ? new($"{method.DisplayName} reads further files", $"method {method.Name}", "Train it with 'falcon train' on the server's machine.")
            : null;

    /// <summary>A teacher by its name, which is never a path; null for the best at hand.</summary>
    public static FSharpOption<TeacherSource> Teacher(string? name) => name switch
    {
        null => FSharpOption<TeacherSource>.None,
        "random" => FSharpOption<TeacherSource>.Some(TeacherModule.random),
        _ => FSharpOption<TeacherSource>.Some(TeacherModule.weights(name)),
    };

    private static bool IsKnown(string teacher) => teacher == "random" || WeightsStore.OfUser().List().Any(stored => stored.Name == teacher);
}

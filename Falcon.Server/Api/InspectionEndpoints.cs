using System.Globalization;
using Falcon.Detection;
using Falcon.Imaging;
using Falcon.Results;
using Falcon.Server.Inspections;
using Falcon.Server.Jobs;
using Falcon.Server.Parts;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Falcon.Server.Api;

/// <summary>Inspections: what a model says of an image, and what is remembered of it.</summary>
internal static class InspectionEndpoints
{
    private const int MostListed = 500, UsuallyListed = 50;

    public static void Map(IEndpointRouteBuilder api, ServerParts server)
    {
        var part = api.MapGroup("/parts/{id}/inspections").WithTags("Inspections");
        part.MapPost("", (string id, HttpRequest request, string? name, string? minArea, int? mergeWithin, double? pixelThreshold, bool? keep, int? width, int? height, string? format, int? stride) =>
                Inspect(
                    server, id, request, name, InspectionWish.Of(name, minArea, mergeWithin, pixelThreshold, keep),
                    FrameShape.Of(width, height, format, stride, server.Options.MostPixels)))
            .WithSummary("Inspects an image: the body itself, the first file of a form, or a raw frame (?width=640&height=480&format=bgr). ?minArea=25, 0.1% and ?mergeWithin=20 are those of 'falcon predict'; ?keep=false remembers nothing")
            .WithMetadata(new UploadBody("image/*", "application/octet-stream", "multipart/form-data"));
        part.MapGet("", (string id, int? limit) => server.History.Last(server.Parts.Get(id).Id, Math.Clamp(limit ?? UsuallyListed, 1, MostListed)))
            .WithSummary("The last inspections of a part, the newest first; ?limit= says how many");

        var inspections = api.MapGroup("/inspections/{id}").WithTags("Inspections");
        inspections.MapGet("", (string id) => server.History.Get(id).Record).WithSummary("An inspection that is remembered");
        inspections.MapGet("/image", (string id, CancellationToken cancellation) => Image(server, id, cancellation)).WithSummary("The image as it came; a frame as PNG");
        inspections.MapGet("/overlay.png", (string id, double? opacity, bool? outlines, CancellationToken cancellation) => Overlay(server, id, opacity ?? 0.5, outlines ?? true, cancellation))
            .WithSummary("The image under its anomaly map, with the regions' outlines; ?opacity=0 to 1, ?outlines=false");
        inspections.MapGet("/map.png", (string id, CancellationToken cancellation) => Heat(server, id, cancellation))
            .WithSummary("The anomaly map in colours, at its own size; the threshold is in the middle of the colours");
        inspections.MapGet("/map.npy", (string id, string? type, string? size, CancellationToken cancellation) => Map(server, id, type ?? "full", size ?? "image", cancellation))
            .WithSummary("The anomaly map as NumPy array: ?type=half or full (float16, float32), ?size=image or own");
        inspections.MapPost("/good", (string id, CancellationToken cancellation) => Teach(server, id, cancellation))
            .WithSummary("The part is good after all: its model learns the image, as 'falcon teach' does; a job, whose model inspects as soon as it is done");
    }

    private static async Task<InspectionRecord> Inspect(ServerParts server, string id, HttpRequest request, string? name, InspectionWish wish, FrameShape? frame)
    {
        var part = server.Parts.Get(id);
        if (part.Current is null)
            throw LoadedModels.NoModel(part);
        var (image, given, memory) = await server.Body.Image(request, frame);
        using (memory)
        {
            var (record, time) = await server.Inspector.Inspect(part, image, name is null && given is not null ? wish with { Name = given } : wish, request.HttpContext.RequestAborted);
            request.HttpContext.Response.Headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"library;dur={time.TotalMilliseconds:F2}");
            return record;
        }
    }

    private static async Task<FileContentHttpResult> Image(ServerParts server, string id, CancellationToken cancellation)
    {
        var inspection = server.History.Get(id);
        var file = await server.Draw(() => server.History.Image(inspection).File().ToArray(), cancellation);
        return TypedResults.Bytes(file, ImageType.Of(file.AsSpan()));
    }

    private static async Task<FileContentHttpResult> Overlay(ServerParts server, string id, double opacity, bool outlines, CancellationToken cancellation)
    {
        if (!(opacity is >= 0 and <= 1))
            throw ProblemException.Invalid($"{opacity} is no opacity", "opacity", "Give a number from 0 to 1.");
        var inspection = server.History.Get(id);
        var png = await server.Draw(() =>
        {
            var photo = server.History.Image(inspection).Picture(inspection.Record.Image, server.Options.MostPixels);
            var drawn = PredictionOverlay.Draw(photo, server.History.Map(inspection), inspection.Record.Threshold, outlines ? inspection.Outlines : [], opacity);
            return ImageFile.EncodePng(drawn);
        }, cancellation);
        return TypedResults.Bytes(png, "image/png");
    }

    private static async Task<FileContentHttpResult> Heat(ServerParts server, string id, CancellationToken cancellation)
    {
        var inspection = server.History.Get(id);
        var png = await server.Draw(() => ImageFile.EncodePng(PredictionOverlay.Heat(server.History.Map(inspection), inspection.Record.Threshold)), cancellation);
        return TypedResults.Bytes(png, "image/png");
    }

    private static async Task<FileContentHttpResult> Map(ServerParts server, string id, string type, string size, CancellationToken cancellation)
    {
        if (type is not ("half" or "full"))
            throw ProblemException.Invalid($"'{type}' is no kind of maps", "type", "Give half (float16) or full (float32).");
        if (size is not ("image" or "own"))
            throw ProblemException.Invalid($"'{size}' is no size of maps", "size", "Give image (that of the image) or own (that of the method).");
        var inspection = server.History.Get(id);
        // Enlarging is the engine's work, which only lanes call.
        var bytes = await server.Lanes.Compute(() =>
        {
            var map = server.History.Map(inspection);
            map = size == "own" ? map : map.Resize(inspection.Record.Width, inspection.Record.Height);
            using var stream = new MemoryStream();
            NpyArray.Write(stream, map.Values, map.Width, map.Height, half: type == "half");
            return stream.ToArray();
        }, cancellation);
        return TypedResults.Bytes(bytes, "application/octet-stream", "map.npy");
    }

    private static async Task<Accepted<JobAnswer>> Teach(ServerParts server, string id, CancellationToken cancellation)
    {
        var inspection = server.History.Get(id);
        var record = inspection.Record;
        var image = server.History.Image(inspection);
        var (file, quality) = await server.Draw(() => (image.File().ToArray(), PhotoQuality.Of(image.Picture(record.Image, server.Options.MostPixels))), cancellation);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
        JobEntry? entry = null;
        server.Parts.Change(record.Part, part =>
        {
            JobEndpoints.Refuse(server, part.Id);
            var model = part.Model ?? throw LoadedModels.NoModel(part);
            if (model.Photos.Contains(digest))
                throw ProblemException.Conflict("the model has learnt this image already", $"inspection {id}", "Inspect it again, or train anew.");
            var taken = model.Names.Values.Concat(part.Photos.Where(photo => photo.Id != digest).Select(photo => photo.Name));
            var name = taken.Contains(record.Image) ? $"{record.Image} {digest[..8]}" : record.Image;
            var good = new PartPhoto(digest, name, record.Width, record.Height, file.Length, DateTimeOffset.UtcNow, quality.Sharpness, quality.Brightness);
            var card = Detector.CardOf(server.Parts.PresentModel(part, model.Version));
            var work = new JobWork(
                part.Name, card.Method, null, card.Seed, null, card.FalseAlarms ?? Metrics.FalseAlarmLimit.UsualRate,
                [.. model.Photos.Select(photo => new JobPhoto(photo, model.Names[photo]))], model.Taught, model.Region, model.Version, good);
            entry = server.Jobs.Add(JobKind.Lesson, part.Id, work, folder => AtomicFile.Write(folder.Good, stream => stream.Write(file)));
            return part;
        });
        return JobEndpoints.Accepted(entry!);
    }
}

using Falcon.Detection;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Server.Parts;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Falcon.Server.Api;

/// <summary>Parts and what is looked at of their photos.</summary>
internal static class PartEndpoints
{
    public static void Map(IEndpointRouteBuilder api, ServerParts server)
    {
        var parts = api.MapGroup("/parts").WithTags("Parts");
        parts.MapGet("", () => server.Parts.All.Select(part => Answer(server, part)).ToArray()).WithSummary("All parts, the oldest first");
        parts.MapPost("", Created<PartAnswer> (PartRequest request) =>
        {
            var part = server.Parts.Create(request.Name);
            return TypedResults.Created($"/api/parts/{part.Id}", Answer(server, part));
        }).WithSummary("Makes a part");
        parts.MapGet("/{id}", (string id) => Answer(server, server.Parts.Get(id))).WithSummary("A part with its photos, remarks on them, region and model");
        parts.MapPatch("/{id}", (string id, PartRequest request) =>
        {
            var name = PartStore.CheckedName(request.Name);
            return Answer(server, server.Parts.Change(id, part => part with { Name = name }));
        }).WithSummary("Calls a part otherwise");
        parts.MapDelete("/{id}", NoContent (string id) => Delete(server, id)).WithSummary("Removes a part with photos, models and inspections");
        parts.MapPut("/{id}/region", (string id, HttpRequest request) => SetRegion(server, id, request))
            .WithSummary("Says what is looked at: polygons as JSON, or an image of the photos' size that is white there; JSON null for all")
            .WithMetadata(new UploadBody("application/json", "image/*"));
        parts.MapDelete("/{id}/region", async (string id, CancellationToken cancellation) => await Change(server, id, null, cancellation)).WithSummary("All of the photos is looked at");
        parts.MapGet("/{id}/region/mask.png", async (string id, CancellationToken cancellation) =>
        {
            var region = server.Parts.Get(id).Region ?? throw ProblemException.NotFound("has no region", $"part {id}", "PUT one.");
            var png = await server.Draw(() => Mask(region), cancellation);
            return TypedResults.Bytes(png, "image/png");
        }).WithSummary("The region as a picture: white where something is looked at");
    }

    /// <summary>A part as it is told.</summary>
    public static PartAnswer Answer(ServerParts server, Part part) => new(
        part.Id, part.Name, part.Created, [.. part.Photos.Select(photo => PhotoEndpoints.Answer(part, photo))], Remarks(part),
        part.Region is { } region ? Answer(part, region) : null, part.Model is { } model ? ModelEndpoints.Answer(part, model) : null, part.IsStale,
        server.Jobs.All.LastOrDefault(entry => entry.Job.Part == part.Id && !entry.Job.HasEnded) is { } entry ? JobAnswer.Of(entry.State) : null);

    private static RegionAnswer Answer(Part part, PartRegion region) => new(
        region.Width, region.Height, region.Polygons, 100.0 * RegionOfInterest.Parse(region.Text).Area / ((double)region.Width * region.Height),
        $"/api/parts/{part.Id}/region/mask.png");

    private static IReadOnlyList<Finding> Remarks(Part part)
    {
        var sizes = part.Photos.GroupBy(photo => (photo.Width, photo.Height)).OrderByDescending(size => size.Count()).ToArray();
        var others = sizes.Length < 2 ? [] : sizes.Skip(1).SelectMany(size => size).Select(photo => new Finding(
            $"is {photo.Width}×{photo.Height}, others are {sizes[0].Key.Width}×{sizes[0].Key.Height}", photo.Name, "Is it by the same camera? If not, take it away."));
        return
        [
            .. others,
            .. DoubtfulPhotos.Find([.. part.Photos.Select(photo => photo.Name)], [.. part.Photos.Select(photo => new PhotoQuality(photo.Sharpness, photo.Brightness))]),
        ];
    }

    private static NoContent Delete(ServerParts server, string id)
    {
        var part = server.Parts.Get(id);
        if (server.Jobs.Unfinished(id).FirstOrDefault() is { } job)
            throw ProblemException.Conflict("a job makes a model of it", $"part {part.Name}", $"Wait for it, or call it off: DELETE /api/jobs/{job.Id}.");
        server.Parts.Delete(id);
        server.Models.Forget(id);
        server.History.Forget(id);
        return TypedResults.NoContent();
    }

    private static async Task<PartAnswer> SetRegion(ServerParts server, string id, HttpRequest request)
    {
        var part = server.Parts.Get(id);
        var cancellation = request.HttpContext.RequestAborted;
        if (request.HasJsonContentType())
        {
            RegionRequest? asked;
            try
            {
                asked = await request.ReadFromJsonAsync<RegionRequest>(Home.HomeFile.Json, cancellation);
            }
            catch (System.Text.Json.JsonException error)
            {
                throw new ProblemException(StatusCodes.Status400BadRequest, RequestFault.OfBody(error, typeof(RegionRequest)));
            }
            return await Change(server, id, asked is null ? null : Of(part, asked), cancellation);
        }
        PartRegion? region = null;
        await server.Body.Files(request, "mask", async (name, upload) => region = await server.Draw(() =>
        {
            var bytes = File.ReadAllBytes(upload.FilePath);
            _ = Inspections.InspectedImage.Decode(bytes, name, server.Options.MostPixels);
            return Named(name, upload.FilePath, () => Of(RegionOfInterest.Read(upload.FilePath), null));
        }, cancellation));
        return await Change(server, id, region, cancellation);
    }

    private static T Named<T>(string name, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidInputException error)
        {
            throw new InvalidInputException([.. error.Findings.Select(finding => finding with { Where = finding.Where == path ? name : finding.Where })]);
        }
    }

    private static PartRegion Of(Part part, RegionRequest asked)
    {
        const int mostCorners = 10_000;
        var photo = part.Photos.Count > 0 ? part.Photos[0] : null;
        var (width, height) = (asked.Width ?? photo?.Width, asked.Height ?? photo?.Height);
        if (width is not > 0 || height is not > 0 || (long)width * height > ImageFile.MostPixels)
            throw ProblemException.Invalid("nothing tells the size of the photos", "width, height", "Give the size of the photos that the polygons are drawn for, or add a photo first.");
        if (asked.Polygons.Length == 0 || asked.Polygons.Any(polygon => polygon is not { Length: >= 3 } || polygon.Any(corner => corner is not { Length: 2 })))
            throw ProblemException.Invalid("is no list of polygons", "polygons", "Give at least one polygon of at least three corners: [[[10,10],[400,10],[400,300]]].");
        if (asked.Polygons.Sum(polygon => polygon.Length) > mostCorners)
            throw ProblemException.Invalid($"has more than {mostCorners} corners", "polygons", "Send a mask instead.");
        if (asked.Polygons.Any(polygon => polygon.Any(corner => corner[0] < 0 || corner[1] < 0 || corner[0] > width || corner[1] > height)))
            throw ProblemException.Invalid($"has corners outside of the photos, which are {width}×{height}", "polygons", "Give corners in pixels of the photos.");
        var region = RegionOfInterest.Of(width.Value, height.Value, asked.Polygons.Select(polygon => polygon.Select(corner => new PixelPoint(corner[0], corner[1])).ToArray()));
        return Of(region, asked.Polygons);
    }

    private static PartRegion Of(RegionOfInterest region, int[][][]? polygons) => new(region.Width, region.Height, polygons, region.ToString());

    /// <summary>Focus and exposure are those of what is looked at.</summary>
    private static async Task<PartAnswer> Change(ServerParts server, string id, PartRegion? region, CancellationToken cancellation)
    {
        var part = server.Parts.Get(id);
        var qualities = new Dictionary<string, PhotoQuality>();
        foreach (var photo in part.Photos)
            qualities[photo.Id] = await server.Draw(() =>
            {
                var picture = ImageFile.ReadRgb(server.Parts.PresentPhoto(part, photo));
                if (region is not null)
                    Check(photo, region);
                return ServerParts.Quality(picture, region);
            }, cancellation);
        return Answer(server, server.Parts.Change(id, part => part with
        {
            Region = region,
            Photos = [.. part.Photos.Select(photo => qualities.TryGetValue(photo.Id, out var quality) ? photo with { Sharpness = quality.Sharpness, Brightness = quality.Brightness } : photo)],
        }));
    }

    private static void Check(PartPhoto photo, PartRegion region)
    {
        if (new Data.Preprocessing(region.Width, region.Height).Misfit(photo.Width, photo.Height, photo.Name, RegionOfInterest.Parse(region.Text)) is { } misfit)
            throw new InvalidInputException([misfit]);
    }

    private static byte[] Mask(PartRegion region)
    {
        var inside = RegionOfInterest.Parse(region.Text).At(region.Width, region.Height).Span;
        var mask = new RasterImage(region.Width, region.Height, 1);
        for (var i = 0; i < inside.Length; i++)
            mask.Pixels[i] = inside[i] > 0 ? (byte)255 : (byte)0;
        return ImageFile.EncodePng(mask);
    }
}

using Falcon.Imaging;
using Falcon.Server.Home;
using Falcon.Server.Inspections;
using Falcon.Server.Parts;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Falcon.Server.Api;

/// <summary>Photos of good parts.</summary>
internal static class PhotoEndpoints
{
    private const int LargestThumbnail = 1024, UsualThumbnail = 256;

    public static void Map(IEndpointRouteBuilder api, ServerParts server)
    {
        var photos = api.MapGroup("/parts/{id}/photos").WithTags("Photos");
        photos.MapGet("", (string id) => server.Parts.Get(id) is var part ? part.Photos.Select(photo => Answer(part, photo)).ToArray() : []).WithSummary("The photos of a part");
        photos.MapPost("", (string id, HttpRequest request, string? name, int? width, int? height, string? format, int? stride) =>
                Add(server, id, request, PartStore.CheckedName(name ?? "photo"), FrameShape.Of(width, height, format, stride, server.Options.MostPixels)))
            .WithSummary("Adds photos: files of a form, an image as the body, or a raw frame (?width=640&height=480&format=bgr)")
            .WithMetadata(new UploadBody("multipart/form-data", "image/*", "application/octet-stream"));
        photos.MapGet("/{photo}", (string id, string photo, HttpContext context) => FileOf(server, id, photo, context)).WithSummary("A photo's file as it came");
        photos.MapGet("/{photo}/thumbnail", (string id, string photo, int? size, HttpContext context) => Thumbnail(server, id, photo, size, context))
            .WithSummary("A small JPEG of a photo; ?size= is its longer side");
        photos.MapDelete("/{photo}", NoContent (string id, string photo) =>
        {
            server.Parts.Change(id, part => Find(part, photo) is var found ? part with { Photos = [.. part.Photos.Where(other => other != found)] } : part);
            server.Parts.Sweep(id, () => server.Jobs.Needed(id));
            return TypedResults.NoContent();
        }).WithSummary("Takes a photo away; models that have learnt it keep it");
    }

    /// <summary>A photo as it is told.</summary>
    public static PhotoAnswer Answer(Part part, PartPhoto photo)
    {
        var href = $"/api/parts/{part.Id}/photos/{photo.Id}";
        return new(photo.Id, photo.Name, photo.Width, photo.Height, photo.Bytes, photo.Added, href, $"{href}/thumbnail");
    }

    private static async Task<Results<Created<PhotosAnswer>, Ok<PhotosAnswer>>> Add(ServerParts server, string id, HttpRequest request, string name, FrameShape? frame)
    {
        var part = server.Parts.Get(id);
        var cancellation = request.HttpContext.RequestAborted;
        List<PartPhoto> added = [];
        List<Finding> refused = [];
        var isNew = false;
        await server.Body.Files(request, name, async (name, upload) =>
        {
            try
            {
                var (photo, fresh) = await server.Draw(() => Add(server, part, name, upload, frame), cancellation);
                added.Add(photo);
                isNew |= fresh;
            }
            catch (InvalidInputException error) when (error is not DiskFullException)
            {
                refused.AddRange(error.Findings);
            }
            catch (ProblemException problem)
            {
                refused.AddRange(problem.Findings);
                if (problem.Status != StatusCodes.Status413PayloadTooLarge)
                    throw;
            }
        });
        if (added.Count == 0)
            throw new ProblemException(StatusCodes.Status422UnprocessableEntity, [.. refused]);
        var answer = new PhotosAnswer([.. added.Select(photo => Answer(part, photo))], refused);
        return isNew ? TypedResults.Created($"/api/parts/{id}/photos", answer) : TypedResults.Ok(answer);
    }

    private static (PartPhoto Photo, bool IsNew) Add(ServerParts server, Part part, string name, Upload upload, FrameShape? frame)
    {
        var bytes = File.ReadAllBytes(upload.FilePath);
        frame?.Check(bytes.Length);
        var picture = new InspectedImage(bytes, frame).Picture(name, server.Options.MostPixels);
        if (frame is null)
            return Keep(upload.Sha256, upload.Bytes, upload.Keep);
        var png = ImageFile.EncodePng(picture);
        return Keep(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(png)), png.Length, target => AtomicFile.Write(target, stream => stream.Write(png)));

        (PartPhoto, bool) Keep(string digest, long length, Action<string> keep)
        {
            var isNew = false;
            var (width, height) = (picture.Width, picture.Height);
            var quality = ServerParts.Quality(picture, part.Region);
            var changed = server.Parts.Change(part.Id, part =>
            {
                if (part.Photos.Any(photo => photo.Id == digest))
                {
                    if (!File.Exists(server.Parts.PhotoFile(part, digest)))
                        keep(server.Parts.PhotoFile(part, digest));
                    return part;
                }
                if (part.Photos.Count >= server.Options.MostPhotos)
                    throw ProblemException.TooLarge($"the part has {part.Photos.Count} photos already", name, "A few photos are enough; --max-photos sets how many there may be.");
                keep(server.Parts.PhotoFile(part, digest));
                isNew = true;
                var unlike = part.Photos.Concat(part.Models.SelectMany(model => model.Taught)).Any(photo => photo.Name == name && photo.Id != digest) ? $"{name} {digest[..8]}" : name;
                return part with { Photos = [.. part.Photos, new(digest, unlike, width, height, length, DateTimeOffset.UtcNow, quality.Sharpness, quality.Brightness)] };
            });
            return (Find(changed, digest), isNew);
        }
    }

    private static PartPhoto Find(Part part, string photo) =>
        part.Photos.FirstOrDefault(known => known.Id == photo) ?? throw ProblemException.NotFound("the part has no such photo", $"photo {photo}", "GET the part to see its photos.");

    private static PhysicalFileHttpResult FileOf(ServerParts server, string id, string photo, HttpContext context)
    {
        var part = server.Parts.Get(id);
        var found = Find(part, photo);
        var file = server.Parts.PresentPhoto(part, found);
        // The name is the content's digest: it never changes.
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.PhysicalFile(file, ImageType.Of(file), entityTag: new EntityTagHeaderValue($"\"{found.Id}\""));
    }

    private static async Task<FileContentHttpResult> Thumbnail(ServerParts server, string id, string photo, int? size, HttpContext context)
    {
        var part = server.Parts.Get(id);
        var found = Find(part, photo);
        var side = Math.Clamp(size ?? UsualThumbnail, 16, LargestThumbnail);
        var jpeg = await server.Draw(() =>
        {
            var picture = ImageFile.ReadRgb(server.Parts.PresentPhoto(part, found));
            var scale = Math.Min(1, (double)side / Math.Max(picture.Width, picture.Height));
            var small = picture.Resize(Math.Max(1, (int)(scale * picture.Width)), Math.Max(1, (int)(scale * picture.Height)), ResizeFilter.Bilinear);
            return ImageFile.EncodeJpeg(small, 85);
        }, context.RequestAborted);
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Bytes(jpeg, "image/jpeg", entityTag: new EntityTagHeaderValue($"\"{found.Id}-{side}\""));
    }
}

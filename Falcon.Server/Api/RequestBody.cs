using Falcon.Server.Home;
using Falcon.Server.Inspections;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Falcon.Server.Api;

/// <summary>Receives images: one as the body itself, or several as files of a form.</summary>
/// <param name="options">The server's limits.</param>
/// <param name="home">Where files are received.</param>
/// <param name="memory">Where images that are not files are received.</param>
internal sealed class RequestBody(ServerOptions options, ServerHome home, BodyMemory memory)
{
    private const int MostFiles = 100, SlowestBytesPerSecond = 16 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Receives every image of a request into a file, one after another.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">What an image without a form is called.</param>
    /// <param name="take">Takes each over; it is gone afterwards unless it was kept.</param>
    public async Task Files(HttpRequest request, string name, Func<string, Upload, Task> take)
    {
        using var patience = Patience(request);
        await Received(request, patience.Token, async () =>
        {
            if (Boundary(request) is not { } boundary)
            {
                using var upload = await Upload.Receive(request.Body, home, patience.Token);
                await take(name, upload);
                return;
            }
            var reader = new MultipartReader(boundary, request.Body);
            var files = 0;
            while (await reader.ReadNextSectionAsync(patience.Token) is { } section)
                if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition())
                {
                    if (++files > MostFiles)
                        throw ProblemException.TooLarge($"has more than {MostFiles} files", "body", "Send fewer at once.");
                    using var upload = await Upload.Receive(section.Body, home, patience.Token);
                    await take(NameOf(disposition) ?? name, upload);
                }
            if (files == 0)
                throw ProblemException.Invalid("the form has no file", "body", "Send images as files of a form (curl -F photo=@part.png), or one as the body itself.");
        });
    }

    /// <summary>Receives one image into memory. The second value gives the memory back.</summary>
    /// <param name="request">The request.</param>
    /// <param name="frame">What a frame is; null of a file.</param>
    public async Task<(InspectedImage Image, string? Name, IDisposable Memory)> Image(HttpRequest request, FrameShape? frame)
    {
        using var patience = Patience(request);
        var reserved = memory.Reserve(request.ContentLength ?? options.MostBytes);
        try
        {
            return await Received(request, patience.Token, async () =>
            {
                var (body, name) = (request.Body, (string?)null);
                if (Boundary(request) is { } boundary)
                {
                    var section = await new MultipartReader(boundary, request.Body).ReadNextSectionAsync(patience.Token);
                    if (section?.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition())
                        throw ProblemException.Invalid("the form does not begin with a file", "body", "Send the image as the first file of a form (curl -F image=@part.png), or as the body itself.");
                    (body, name) = (section.Body, NameOf(disposition));
                }
                var bytes = await ReadToEnd(body, request.ContentLength, patience.Token);
                if (bytes.Length == 0)
                    throw ProblemException.Invalid("the body is empty", "body", "Send an image.");
                frame?.Check(bytes.Length);
                return (new InspectedImage(bytes, frame), name, reserved);
            });
        }
        catch
        {
            reserved.Dispose();
            throw;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadToEnd(Stream body, long? length, CancellationToken cancellation)
    {
        // Who promises much and sends little holds little.
        const int promised = 1 << 20;
        using var bytes = new MemoryStream((int)Math.Min(length ?? promised, promised));
        await body.CopyToAsync(bytes, cancellation);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>However long it is, a body must come to an end: who drips would hold memory for hours.</summary>
    private CancellationTokenSource Patience(HttpRequest request)
    {
        if (request.ContentLength > options.MostBytes)
            throw ProblemException.TooLarge(
                $"the body has {request.ContentLength} bytes, and {options.MostBytes} are allowed", "body", "Send a smaller file, or start the server with a higher --max-bytes.");
        var patience = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        patience.CancelAfter(Grace + TimeSpan.FromSeconds((request.ContentLength ?? options.MostBytes) / SlowestBytesPerSecond));
        return patience;
    }

    private static Task Received(HttpRequest request, CancellationToken patience, Func<Task> receive) => Received<object?>(request, patience, async () =>
    {
        await receive();
        return null;
    });

    private static async Task<T> Received<T>(HttpRequest request, CancellationToken patience, Func<Task<T>> receive)
    {
        try
        {
            return await receive();
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout);
        }
        catch (InvalidDataException error)
        {
            throw ProblemException.Invalid($"the form is damaged: {error.Message}", "body", "Send it again.");
        }
        catch (IOException error) when (error is not BadHttpRequestException && error.GetType() == typeof(IOException) && !DiskFullException.IsReason(error))
        {
            throw ProblemException.Invalid($"the body is truncated: {error.Message}", "body", "Send it again.");
        }
    }

    private static string? Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        return HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70 } boundary
            ? boundary.ToString()
            : throw ProblemException.Invalid("the form has no boundary", "Content-Type", "Let your program of HTTP make the form.");
    }

    /// <summary>The last part of a file's name: some browsers tell folders, too.</summary>
    private static string? NameOf(ContentDispositionHeaderValue disposition)
    {
        var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        var name = HeaderUtilities.RemoveQuotes(given).ToString().Split('/', '\\')[^1].Trim();
        return name.Length is > 0 and <= 200 && !name.Any(char.IsControl) ? name : null;
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Falcon.Server;

/// <summary>The page: the files of the folder <c>Page</c>, which are in the assembly, by their paths below /. Each has its digest as ETag.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/", First = "index.html";

    public static void Map(IEndpointRouteBuilder app)
    {
        var types = new FileExtensionContentTypeProvider();
        var assembly = typeof(PageFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var path = resource[Prefix.Length..];
            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            type = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
            Serve(app, path == First ? "/" : $"/{path}", content, type, tag);
        }
    }

    private static void Serve(IEndpointRouteBuilder app, string path, byte[] content, string type, string tag) =>
        app.MapMethods(path, ["GET", "HEAD"], (HttpContext context) =>
        {
            // Asked for each time, and sent when it has changed.
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(content, type, entityTag: new(tag));
        }).ExcludeFromDescription();
}

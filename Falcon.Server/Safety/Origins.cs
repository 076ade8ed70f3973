using System.Net;

namespace Falcon.Server.Safety;

/// <summary>Keeps pages of other servers out, which a browser on this machine would let ask in its user's name.</summary>
internal static class Origins
{
    /// <summary>Refuses names of the server that are not its own, when only this machine reaches it: a page whose name was made to point here (DNS rebinding) sends its own.
    /// Refuses whatever a browser says comes from another page.</summary>
    /// <param name="isLocal">Whether only this machine reaches the server.</param>
    public static Func<HttpContext, RequestDelegate, Task> Checking(bool isLocal) => (context, next) =>
    {
        var request = context.Request;
        if (isLocal && !IsOwnName(request.Host.Host))
            throw new ProblemException(
                StatusCodes.Status403Forbidden, new Finding("the server has not this name", $"Host: {request.Host}", "Ask for 127.0.0.1 or localhost, or start the server with --address and --token."));
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) ? IsForeign(request, site!) : request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsSame(origin, request))
            throw new ProblemException(
                StatusCodes.Status403Forbidden, new Finding("the request comes from a page of another server", $"Origin: {request.Headers.Origin}", "Use the server's own page, or a program."));
        return next(context);
    };

    /// <summary>Links and bookmarks may lead to the page; everything else is for the server's own page and for programs.</summary>
    private static bool IsForeign(HttpRequest request, string site) =>
        site is not ("same-origin" or "none") && !(HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && !request.Path.StartsWithSegments("/api"));

    private static bool IsOwnName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSame(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}

using System.Security.Cryptography;
using System.Text;

namespace Falcon.Server.Safety;

/// <summary>The word that callers must show, in the header <c>Authorization: Bearer …</c> or, as a browser's page does after it has shown it once, in a cookie.</summary>
internal sealed class AccessToken
{
    private const string CookieName = "falcon-session";

    private readonly byte[] _digest;
    private readonly byte[] _session;

    /// <param name="token">The word.</param>
    public AccessToken(string token) =>
        (_digest, _session) = (Digest(token), HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "falcon session"u8));

    /// <summary>Lets nobody through who does not show it, but to the page, to what tells whether the server lives, and to where it is shown first.</summary>
    public Task Checking(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/api") || path.StartsWithSegments("/api/session") || IsShown(context.Request))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new ProblemException(
            StatusCodes.Status401Unauthorized, new Finding("the token is missing or wrong", "Authorization", "Send 'Authorization: Bearer TOKEN' with the token that the server was started with."));
    }

    /// <summary>Whether a word is the token; the time does not tell how much of it is right.</summary>
    public bool Is(string word) => CryptographicOperations.FixedTimeEquals(Digest(word), _digest);

    /// <summary>Gives the caller the cookie.</summary>
    public void Admit(HttpContext context) => context.Response.Cookies.Append(CookieName, Convert.ToHexStringLower(_session), Cookie(context));

    /// <summary>Takes the cookie away.</summary>
    public static void Dismiss(HttpContext context) => context.Response.Cookies.Delete(CookieName, Cookie(context));

    private static CookieOptions Cookie(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };

    private bool IsShown(HttpRequest request)
    {
        const string scheme = "Bearer ";
        if (request.Headers.Authorization.ToString() is var header && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return Is(header[scheme.Length..].Trim());
        return request.Cookies.TryGetValue(CookieName, out var cookie)
            && CryptographicOperations.FixedTimeEquals(Digest(cookie), Digest(Convert.ToHexStringLower(_session)));
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

using System.Security.Cryptography;

namespace Falcon.Server.Home;

/// <summary>Names of parts, jobs and inspections, which the server makes up itself: nothing that a caller sends becomes part of a path.</summary>
internal static class Identifier
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Drawn = 10, OfTime = 10;

    /// <summary>A new one.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Drawn);

    /// <summary>A new one that sorts behind those of earlier milliseconds.</summary>
    public static string Next()
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return string.Create(OfTime, time, (text, left) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, left /= Letters.Length)
                text[i] = Letters[(int)(left % Letters.Length)];
        }) + RandomNumberGenerator.GetString(Letters, Drawn);
    }

    /// <summary>Whether a folder's name may be one.</summary>
    public static bool IsOne(string name) => name.Length is Drawn or (Drawn + OfTime) && name.All(letter => Letters.Contains(letter, StringComparison.Ordinal));
}

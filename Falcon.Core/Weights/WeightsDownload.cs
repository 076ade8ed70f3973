using System.Net;
using System.Net.Http.Headers;

namespace Falcon.Weights;

/// <summary>Downloads one file of known size and digest. What has arrived stays beside the target as <c>NAME.part</c> until the whole is verified, so that a
/// cut connection, a cancellation or a crash costs nothing.</summary>
internal sealed class WeightsDownload(Uri url, KnownWeights known, string target, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);
    private readonly string _part = target + ".part";

    /// <exception cref="InvalidInputException">The server cannot be reached, refuses, or sends something else.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the next call continues.</exception>
    public async Task Run()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectLimit }) { Timeout = Timeout.InfiniteTimeSpan };
        await using (var part = OpenPart())
        {
            while (part.Length < known.Size)
                await Continue(client, part);
            part.Flush(flushToDisk: true);
        }
        Verify();
        File.Move(_part, target, overwrite: true);
    }

    /// <summary>One request; a connection that is cut after it delivered something is not an error, the loop asks for the rest.</summary>
    private async Task Continue(HttpClient client, FileStream part)
    {
        var start = part.Length;
        try
        {
            using var response = await Send(client, start);
            if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != start)
                part.SetLength(0);
            part.Position = part.Length;
            await Receive(response, part);
            if (part.Length < known.Size)
                throw Failed($"ends after {part.Length} of {known.Size} bytes");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
        {
            if (part.Length <= start)
                throw Failed($"cannot be downloaded ({error.Message})");
        }
    }

    private async Task<HttpResponseMessage> Send(HttpClient client, long start)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (start > 0)
            request.Headers.Range = new RangeHeaderValue(start, null);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
                ? Discarded($"is smaller than the {known.Size} bytes it should have")
                : Failed($"answers {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private async Task Receive(HttpResponseMessage response, FileStream part)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 17];
        while (true)
        {
            stall.CancelAfter(StallLimit);
            int count;
            try
            {
                count = await content.ReadAsync(buffer, stall.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"nothing arrived for {StallLimit.TotalSeconds:0} seconds");
            }
            if (count == 0)
                return;
            await part.WriteAsync(buffer.AsMemory(0, count), cancellation);
            if (part.Length > known.Size)
                throw Discarded($"is larger than the {known.Size} bytes it should have");
            progress?.Report(new DownloadProgress(part.Length, known.Size));
        }
    }

    private FileStream OpenPart()
    {
        try
        {
            var part = new FileStream(_part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
            if (part.Length > known.Size)
                part.SetLength(0);
            return part;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written ({error.Message})", _part, "Wait for another download of this file, or check the folder.");
        }
    }

    private void Verify()
    {
        var actual = FileDigest.Sha256(_part);
        if (actual != known.Sha256)
            throw Discarded($"has the SHA-256 {actual}, not {known.Sha256}");
    }

    private InvalidInputException Discarded(string what)
    {
        File.Delete(_part);
        return new InvalidInputException($"{what}; nothing of it was kept", url.ToString(), "Try again; if it stays so, do not use this source.");
    }

    private InvalidInputException Failed(string what) =>
        new(what, url.ToString(), $"Check the network and try again, or download the file elsewhere and import it as a file of the same content ({known.FileName}).");
}

/// <summary>How far a download is.</summary>
/// <param name="Received">Bytes on disk, those of an earlier, interrupted download included.</param>
/// <param name="Total">Bytes of the whole file.</param>
public readonly record struct DownloadProgress(long Received, long Total);

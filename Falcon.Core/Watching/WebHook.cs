using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Falcon.Watching;

/// <summary>Posts each record as JSON to an address. Its header <c>Idempotency-Key</c> is the same when a record comes again, as it may after a crash.</summary>
public sealed class WebHook : IWatchOutput
{
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly TimeSpan _patience;

    /// <summary>Posts to this address.</summary>
    /// <param name="address">http or https.</param>
    /// <param name="number">Tells several hooks of one watch apart.</param>
    /// <param name="patience">How long an answer may take; null for ten seconds.</param>
    /// <exception cref="InvalidInputException">It is no such address.</exception>
    public WebHook(string address, int number = 1, TimeSpan? patience = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new InvalidInputException("is no address of a web hook", address, "Give one like https://line.example.org/inspections.");
        _address = uri;
        Name = number == 1 ? "webhook" : $"webhook-{number}";
        _patience = patience ?? TimeSpan.FromSeconds(10);
        // Who follows a redirection asks for the other address without the record, and takes what it says for a receipt.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = _patience };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? Delivered => null;

    /// <inheritdoc/>
    public async Task Deliver(WatchRecord record, string json, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("Idempotency-Key", $"{record.Number.ToString(CultureInfo.InvariantCulture)}-{Beginning(record.Sha256)}");
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (TaskCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"no answer within {_patience.TotalSeconds:0.#} s"), error);
        }
        catch (HttpRequestException error)
        {
            throw new IOException(error.InnerException?.Message ?? error.Message, error);
        }
        using (answer)
        {
            if (answer.IsSuccessStatusCode)
                return;
            var said = $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
            if ((int)answer.StatusCode is >= 300 and < 400)
                throw new IOException($"{said}: it leads to {answer.Headers.Location}; give the address that takes the record");
            if (answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500)
                throw new IOException(said);
            throw new InvalidInputException($"refuses record {record.Number}: {said}", _address.ToString(), "Look at what it expects; the journal has the record.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Half a digest tells records apart; of a file that could not be read there is none.</summary>
    private static string Beginning(string digest) => digest.Length > 16 ? digest[..16] : "unread";
}

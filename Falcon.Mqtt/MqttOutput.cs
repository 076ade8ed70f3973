using System.Text;
using Falcon.Watching;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Falcon.Mqtt;

/// <summary>Publishes the records of a watch as JSON, with quality of service 1 (at least once): the broker has confirmed a record before the next one is sent.</summary>
public sealed class MqttOutput : IWatchOutput
{
    private const int Port = 1883;
    private const int SecurePort = 8883;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttClientOptions _options;
    private readonly string _topic;
    private readonly TimeSpan _patience;

    /// <summary>Publishes to a broker; it is connected to with the first record, and again whenever the connection was lost.</summary>
    /// <param name="address"><c>mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC</c>, or <c>mqtts</c> for TLS.</param>
    /// <param name="patience">How long the broker may take to confirm; null for ten seconds.</param>
    /// <exception cref="InvalidInputException">It is no such address.</exception>
    public MqttOutput(string address, TimeSpan? patience = null)
    {
        _topic = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "mqtt" or "mqtts" ? Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/') : "";
        if (_topic.Length == 0 || uri!.Host.Length == 0 || _topic.AsSpan().ContainsAny('#', '+'))
            throw new InvalidInputException("is no address of an MQTT topic", address, "Give one like mqtt://broker.local:1883/line-3/inspections, without # and +.");
        _patience = patience ?? TimeSpan.FromSeconds(10);
        var isSecure = uri.Scheme == "mqtts";
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? (isSecure ? SecurePort : Port) : uri.Port)
            .WithTlsOptions(tls => tls.UseTls(isSecure))
            .WithTimeout(_patience);
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, ..] parts)
            options = options.WithCredentials(Uri.UnescapeDataString(user), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        _options = options.Build();
    }

    /// <inheritdoc/>
    public string Name => "mqtt";

    /// <inheritdoc/>
    public long? Delivered => null;

    /// <inheritdoc/>
    public async Task Deliver(WatchRecord record, string json, CancellationToken cancellation)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(_topic)
            .WithPayload(Encoding.UTF8.GetBytes(json))
            .WithContentType("application/json")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(_patience);
        try
        {
            if (!_client.IsConnected)
                await _client.ConnectAsync(_options, time.Token).ConfigureAwait(false);
            var result = await _client.PublishAsync(message, time.Token).ConfigureAwait(false);
            if (!result.IsSuccess)
                throw new IOException($"the broker says {result.ReasonCode} {result.ReasonString}".TrimEnd());
        }
        catch (Exception error) when (error is MqttCommunicationException or MqttProtocolViolationException or InvalidOperationException
            || error is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new IOException(error is OperationCanceledException ? "the broker does not answer" : error.Message, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}

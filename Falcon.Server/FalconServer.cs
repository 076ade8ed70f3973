using Falcon.Server.Api;
using Falcon.Server.Home;
using Falcon.Server.Safety;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Falcon.Server;

/// <summary>Detectors over HTTP: parts, photos, trainings, inspections (docs/server.md). Nothing in the environment but its options changes what it does.</summary>
public sealed class FalconServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ServerParts _parts;

    private FalconServer(WebApplication app, ServerParts parts) => (_app, _parts) = (app, parts);

    /// <summary>Where it is reached, for example <c>http://127.0.0.1:5170</c>.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The folder of everything that it keeps.</summary>
    public string Home => _parts.Home.Folder;

    /// <summary>Jobs that an earlier server has left, and that are gone on with.</summary>
    public int Continued { get; private init; }

    /// <summary>Starts a server. It is reached when this returns.</summary>
    /// <exception cref="InvalidInputException">An option cannot be used, another server has the home, or the address is taken.</exception>
    public static async Task<FalconServer> Start(ServerOptions options)
    {
        if (options.Check().ToArray() is { Length: > 0 } findings)
            throw new InvalidInputException(findings);
        var parts = new ServerParts(options);
        try
        {
            var app = Build(options, parts);
            await app.StartAsync();
            var continued = parts.Jobs.All.Count(entry => !entry.Job.HasEnded);
            parts.Jobs.Start();
            return new(app, parts) { Continued = continued };
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            await parts.DisposeAsync();
            throw new InvalidInputException(
                $"cannot listen there ({error.Message})", $"--address {options.Address} --port {options.Port}", "Stop what listens there, or give another --port.");
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops: requests are answered, a training leaves a checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _parts.Stopping.CancelAsync();
        using (var patience = new CancellationTokenSource(Patience))
            await _app.StopAsync(patience.Token);
        await _parts.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, ServerParts parts)
    {
        // Empty: variables like ASPNETCORE_URLS would open other doors.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = typeof(FalconServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => HomeFile.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi("v1", description =>
        {
            description.AddOperationTransformer(UploadBody.Describe);
            description.AddOperationTransformer(Problems.Describe);
            description.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "Falcon", Version = "1", Description = "Few-shot anomaly detection: parts, photos, trainings, inspections. Errors are application/problem+json with what, where and fix." };
                // As it is reached: addresses of other machines are theirs.
                document.Servers = [];
                return Task.CompletedTask;
            });
        });
        if (options.Log is { } log)
            builder.Logging.AddProvider(new LogLines(log)).SetMinimumLevel(LogLevel.Error);
        var app = builder.Build();
        var token = options.Token is { } word ? new AccessToken(word) : null;
        app.Use(next => context => SafetyHeaders.Adding(context, next));
        app.Use(next => context => Problems.Handling(parts.Home.Folder, options.Log)(context, next));
        app.Use(next => context => Origins.Checking(options.IsLocal)(context, next));
        if (token is not null)
            app.Use(next => context => token.Checking(context, next));
        app.UseRouting();
        var api = app.MapGroup("/api");
        PartEndpoints.Map(api, parts);
        PhotoEndpoints.Map(api, parts);
        JobEndpoints.Map(api, parts);
        ModelEndpoints.Map(api, parts);
        InspectionEndpoints.Map(api, parts);
        InformationEndpoints.Map(app, api, parts, token);
        app.MapOpenApi("/api/openapi.json");
        PageFiles.Map(app);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(options.Address, options.Port);
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MostBytes;
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(10));
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Connections on which nothing is asked take others' places, but not for long; each may hold so little that all together hold no more than 256 MB.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        limits.MaxConcurrentConnections = 1024;
        limits.MaxRequestBufferSize = 256 << 10;
    }

    /// <summary>Whoever starts the server stops it: signals are the program's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Errors of the web server as lines.</summary>
    private sealed class LogLines(Action<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log($"{formatter(state, exception)} {exception}");
        }
    }
}

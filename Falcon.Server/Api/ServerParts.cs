using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Server.Home;
using Falcon.Server.Inspections;
using Falcon.Server.Jobs;
using Falcon.Server.Parts;

namespace Falcon.Server.Api;

/// <summary>What all requests share.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    /// <summary>Pictures that are decoded or drawn at the same time beside inspections.</summary>
    private readonly SemaphoreSlim _drawing = new(2);

    /// <param name="options">The server's.</param>
    /// <exception cref="InvalidInputException">The home cannot be used.</exception>
    public ServerParts(ServerOptions options)
    {
        Options = options;
        Home = ServerHome.Open(options.Home);
        Parts = new(Home, options.Log);
        Models = new(options, Parts);
        History = new(Home, options.MostInspections, options.MostInspectionBytes);
        Lanes = new(options.Parallel, options.MostWaiting);
        Inspector = new(options, Models, Lanes, History);
        Body = new(options, Home, new(Math.Max(1L << 29, 4 * options.MostBytes)));
        Jobs = new(options, Home, Parts, (part, version) => Models.Forget(part, except: version));
    }

    public ServerOptions Options { get; }
    public ServerHome Home { get; }
    public PartStore Parts { get; }
    public LoadedModels Models { get; }
    public InspectionHistory History { get; }
    public Lanes Lanes { get; }
    public Inspector Inspector { get; }
    public RequestBody Body { get; }
    public JobQueue Jobs { get; }

    /// <summary>Cancelled when the server is about to end.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>Decodes or draws a picture, a few at a time.</summary>
    public async Task<T> Draw<T>(Func<T> draw, CancellationToken cancellation)
    {
        await _drawing.WaitAsync(cancellation);
        try
        {
            return await Task.Run(draw, cancellation);
        }
        finally
        {
            _drawing.Release();
        }
    }

    /// <summary>What a photo looks like where it is looked at.</summary>
    public static PhotoQuality Quality(RasterImage photo, PartRegion? region)
    {
        if (region is not null)
            RegionOfInterest.Parse(region.Text).CoverOutside(photo);
        return PhotoQuality.Of(photo);
    }

    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        Lanes.Dispose();
        Models.Dispose();
        Home.Dispose();
    }
}

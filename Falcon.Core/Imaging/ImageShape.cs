namespace Falcon.Imaging;

/// <summary>The shape of the upright image in a file, by its header.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 when the file stores gray values, 3 when it stores colours.</param>
public sealed record ImageShape(int Width, int Height, int Channels)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Width}×{Height}{(Channels == 1 ? " gray" : "")}";
}

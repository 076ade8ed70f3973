namespace Falcon.Methods;

/// <summary>A block of rows [<paramref name="Top"/>, <paramref name="Bottom"/>) and columns [<paramref name="Left"/>, <paramref name="Right"/>).</summary>
public readonly record struct PixelBlock(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Rows in the block.</summary>
    public int Height => Bottom - Top;

    /// <summary>Columns in the block.</summary>
    public int Width => Right - Left;

    /// <summary>Whether nothing is left of it.</summary>
    public bool IsEmpty => Height <= 0 || Width <= 0;

    /// <summary>The part of a block that lies inside the image.</summary>
    public static PixelBlock Clipped(int top, int bottom, int left, int right, int imageWidth, int imageHeight) =>
        new(Math.Max(0, top), Math.Min(imageHeight, bottom), Math.Max(0, left), Math.Min(imageWidth, right));
}

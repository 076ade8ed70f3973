namespace Falcon.Data;

/// <summary>Where a network's input lies in the resized image that it was cut from.</summary>
/// <param name="ImageWidth">Columns of the resized image.</param>
/// <param name="ImageHeight">Rows of the resized image.</param>
/// <param name="Left">Columns to the left of the input.</param>
/// <param name="Top">Rows above the input.</param>
public sealed record ImageCrop(int ImageWidth, int ImageHeight, int Left, int Top);

namespace Falcon.Imaging;

/// <summary>An image file that cannot be used: missing, empty, damaged, too large or of an unsupported kind. The finding names the file.</summary>
public sealed class ImageFileException : InvalidInputException
{
    /// <param name="file">The file's path, or another name by which the user knows the image.</param>
    /// <param name="reason">What is wrong, in one sentence without a full stop.</param>
    /// <param name="fix">What the user can do about it.</param>
    public ImageFileException(string file, string reason, string fix = "Save the image again as PNG or JPEG, or remove it.") : base(reason, file, fix) =>
        File = file;

    /// <summary>The file's path, or another name by which the user knows the image.</summary>
    public string File { get; }
}

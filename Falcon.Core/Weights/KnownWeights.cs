namespace Falcon.Weights;

/// <summary>A published weight file.</summary>
/// <param name="Name">The name to ask for, for example <c>resnet18</c>.</param>
/// <param name="Backbone">The architecture it fits.</param>
/// <param name="Source">Who published it, under which name.</param>
/// <param name="Licence">An SPDX identifier.</param>
/// <param name="Url">Where it is; <c>teachers:</c> and a file name for one that comes with Falcon.</param>
/// <param name="Sha256">The digest of its content: 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record KnownWeights(string Name, string Backbone, string Source, string Licence, Uri Url, string Sha256, long Size)
{
    /// <summary>Whether it comes with Falcon, in the folder <c>teachers</c> beside its programs.</summary>
    public bool IsShipped => Url.Scheme == "teachers";

    /// <summary>The name of the file itself, for example <c>resnet18-f37072fd.pth</c>.</summary>
    public string FileName => Path.GetFileName(Url.AbsolutePath);
}

namespace Falcon.Weights;

/// <summary>A published weight file.</summary>
/// <param name="Name">The name to ask for, for example <c>resnet18</c>.</param>
/// <param name="Backbone">The architecture it fits.</param>
/// <param name="Source">Who published it, under which name.</param>
/// <param name="Licence">An SPDX identifier.</param>
/// <param name="Url">Where it is, or the content that it is made of: see <see cref="WeightsOrigin"/>.</param>
/// <param name="Sha256">The digest of its content: 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record KnownWeights(string Name, string Backbone, string Source, string Licence, Uri Url, string Sha256, long Size)
{
    /// <summary>Where it comes from.</summary>
    public WeightsOrigin Origin => Url.Scheme switch
    {
        "teachers" => WeightsOrigin.Shipped,
        "nuget" => WeightsOrigin.Package,
        _ => WeightsOrigin.Server,
    };

    /// <summary>The name of the file itself, for example <c>resnet18-f37072fd.pth</c>.</summary>
    public string FileName => Origin == WeightsOrigin.Package ? $"{Name}.safetensors" : Path.GetFileName(Url.AbsolutePath);
}

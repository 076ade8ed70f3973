using System.Runtime.InteropServices;
using Falcon.Imaging;

namespace Falcon.Weights;

/// <summary>The ResNet-18 of ML.NET's image featuriser, which CNTK trained on ImageNet, by torchvision's names and for torchvision's inputs: stem and layers 1 to 3.
/// Its layer4 has three blocks, torchvision's two.</summary>
/// <remarks>CNTK's network takes BGR in [0, 255] less a mean; here the first convolution takes RGB, and its batch norm's mean what the two normalisations differ by.
/// At the picture's border zeros stand for ImageNet's mean colour instead of CNTK's, half a gray level away. CNTK pads one side less before strides of two: where
/// sides are even, what that leaves out is not read. Features are brought to the size of torchvision's.</remarks>
internal static class MlNetResNet18
{
    /// <summary>The file of the network, in the package's folder of models.</summary>
    public const string NetworkFile = "ResNet18Onnx/ResNet18.onnx";

    /// <summary>Its SHA-256.</summary>
    public const string NetworkDigest = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";

    private const string MeanFile = "ResNetPrepOnnx/ResNetPreprocess.onnx";
    private const string MeanDigest = "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004";
    private const float White = 255;

    // On photos of four kinds CNTK's features are 4.4 to 5.1 times as large as torchvision's, for which methods' constants were chosen: FALCON's map, for one, adds squared distances to probabilities.
    private const float Enlargement = 4.8f;

    /// <summary>The tensors, float32.</summary>
    /// <param name="models">The package's folder of models.</param>
    /// <exception cref="InvalidInputException">A file is missing, or another one.</exception>
    public static IReadOnlyList<StoredTensor> Read(string models)
    {
        var network = Open(models, NetworkFile, NetworkDigest);
        var mean = ChannelMeans(Open(models, MeanFile, MeanDigest).Constant("MeanImage"));
        List<StoredTensor> tensors = [];
        foreach (var (unit, convolution) in Units().Zip(network.Nodes.Where(node => node.Operation == "Conv")))
        {
            var norm = network.Nodes.Single(node => node.Operation == "BatchNormalization" && node.Inputs[0] == convolution.Outputs[0]);
            Add($"{unit.Convolution}.weight", convolution.Inputs[1], unit.Reads ? Enlargement : 1);
            foreach (var (name, input) in new[] { "weight", "bias" }.Zip(norm.Inputs.Skip(1)))
                Add($"{unit.Norm}.{name}", input, unit.Writes ? 1 / Enlargement : 1);
            foreach (var (name, input) in new[] { "running_mean", "running_var" }.Zip(norm.Inputs.Skip(3)))
                Add($"{unit.Norm}.{name}", input, 1);
        }
        Adapt(tensors, mean);
        return tensors;

        void Add(string name, string constant, float factor)
        {
            var stored = network.Constant(constant);
            tensors.Add(StoredTensor.Of(name, [.. Values(stored).Select(value => value * factor)], [.. stored.Shape]));
        }
    }

    private static OnnxGraph Open(string models, string file, string digest)
    {
        var path = Path.Combine(models, file);
        return FileDigest.Sha256(path) is var actual && actual == digest
            ? OnnxGraph.Read(path)
            : throw new InvalidInputException($"has the SHA-256 {actual}, not {digest}", path, "Delete this package's folder and restore it again.");
    }

    /// <summary>Convolutions and the batch norms behind them, in the order of the file: which of them read features that blocks hand on, and which write such.</summary>
    private static IEnumerable<(string Convolution, string Norm, bool Reads, bool Writes)> Units()
    {
        yield return ("conv1", "bn1", false, true);
        for (var layer = 1; layer <= 3; layer++)
            for (var block = 0; block < 2; block++)
            {
                var prefix = $"layer{layer}.{block}";
                if (layer > 1 && block == 0)
                    yield return ($"{prefix}.downsample.0", $"{prefix}.downsample.1", true, true);
                yield return ($"{prefix}.conv1", $"{prefix}.bn1", true, false);
                yield return ($"{prefix}.conv2", $"{prefix}.bn2", false, true);
            }
    }

    /// <summary>The mean of B, G and R in [0, 255]. CNTK's mean depends on the place, by 3 to 6 levels (standard deviation).</summary>
    private static double[] ChannelMeans(StoredTensor image)
    {
        var values = Values(image);
        var plane = values.Length / 3;
        return [.. Enumerable.Range(0, 3).Select(c => values.AsSpan(c * plane, plane).ToArray().Average(value => (double)value))];
    }

    /// <summary>Makes the first convolution and its batch norm take ImageNet-normalised RGB.</summary>
    private static void Adapt(List<StoredTensor> tensors, double[] meanBgr)
    {
        int convolution = tensors.FindIndex(tensor => tensor.Name == "conv1.weight"), norm = tensors.FindIndex(tensor => tensor.Name == "bn1.running_mean");
        float[] old = Values(tensors[convolution]), weights = new float[old.Length], means = Values(tensors[norm]);
        var (outputs, kernel) = (means.Length, old.Length / means.Length / 3);
        for (var output = 0; output < outputs; output++)
        {
            double shift = 0;
            for (var c = 0; c < 3; c++)
            {
                var difference = (double)White * ImageNetColours.Mean[c] - meanBgr[2 - c];
                for (var k = 0; k < kernel; k++)
                {
                    var weight = old[(output * 3 + 2 - c) * kernel + k];
                    weights[(output * 3 + c) * kernel + k] = weight * White * ImageNetColours.Deviation[c];
                    shift += difference * weight;
                }
            }
            means[output] -= (float)shift;
        }
        tensors[convolution] = StoredTensor.Of(tensors[convolution].Name, weights, [.. tensors[convolution].Shape]);
        tensors[norm] = StoredTensor.Of(tensors[norm].Name, means, [.. tensors[norm].Shape]);
    }

    private static float[] Values(StoredTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span).ToArray();
}

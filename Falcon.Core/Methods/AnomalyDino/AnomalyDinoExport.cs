using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class AnomalyDinoNetwork
{
    private protected override OnnxValue ExportEmbedding(OnnxInput features) => options.Masking
        ? throw NotExported("its mask of the background needs eigenvectors, which ONNX does not compute", "Train it with masking=false.")
        : features[BackboneTap.Patches];

    private protected override OnnxValue ExportDistances(OnnxValue embedding)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var bank = Fitted(Bank);
        var cosines = FeatureDistance.Unit(embedding).Rows().MatMul(embedding.Graph.Tensor(bank.t()));
        var neighbours = Math.Min(options.Neighbours, bank.shape[0]);
        var alike = neighbours == 1 ? cosines.KeptMax(1) : cosines.TopK(neighbours).KeptMean(1);
        return (1 - alike).Reshape(1, embedding.Shape[2], embedding.Shape[3]);
    }

    private protected override OnnxValue ExportScore(OnnxValue distances)
    {
        var flat = distances.Reshape(1, -1);
        return flat.TopK(Math.Max(1, (long)(options.ScoreShare * flat.Shape[1]))).Mean(1);
    }
}

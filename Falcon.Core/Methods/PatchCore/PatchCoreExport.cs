using Falcon.Onnx;
using static TorchSharp.torch;

namespace Falcon.Methods;

internal sealed partial class PatchCoreNetwork
{
    private protected override OnnxValue ExportEmbedding(OnnxInput features)
    {
        var first = features[Needs.Taps[0]];
        return Needs.Taps.Select(tap => features[tap].AveragePool(3, stride: 1, padding: 1).Bilinear(first.Shape[2], first.Shape[3])).ToArray().Concat(axis: 1);
    }

    /// <summary>The nearest kept patch by ‖b‖² − 2ab, and the distance to it by its difference, which loses no digits.</summary>
    private protected override OnnxValue ExportDistances(OnnxValue embedding)
    {
        using var scope = NewDisposeScope();
        var (graph, bank) = (embedding.Graph, Fitted(Bank));
        var (patches, kept) = (embedding.Rows(), graph.Tensor(bank));
        var nearest = (patches.MatMul(graph.Tensor(bank.t() * -2)) + graph.Tensor(bank.square().sum([1]))).ArgMin();
        return (patches - kept.Gather(0, nearest)).Square().Sum(1).Sqrt().Reshape(1, embedding.Shape[2], embedding.Shape[3]);
    }
}

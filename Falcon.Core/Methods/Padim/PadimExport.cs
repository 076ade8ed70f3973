using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class PadimNetwork
{
    /// <summary>The drawn channels are taken of each layer before it is enlarged.</summary>
    private protected override OnnxValue ExportEmbedding(OnnxInput features)
    {
        var first = features[Needs.Taps[0]];
        List<OnnxValue> joined = [];
        var before = 0L;
        foreach (var layer in Needs.Taps.Select(tap => features[tap]))
        {
            var (start, end) = (before, before += layer.Shape[1]);
            long[] drawn = [.. _channels.Where(channel => channel >= start && channel < end).Select(channel => channel - start)];
            if (drawn.Length > 0)
                joined.Add(layer.Select(1, drawn).Nearest(first.Shape[2], first.Shape[3]));
        }
        return joined.Concat(axis: 1);
    }

    private protected override OnnxValue ExportDistances(OnnxValue embedding)
    {
        var graph = embedding.Graph;
        var centred = embedding.Rows() - graph.Tensor(Fitted(HasPrecision ? Mean : Centre));
        var rows = centred.Reshape(centred.Shape[0], 1, centred.Shape[1]);
        var squared = HasPrecision ? (rows.MatMul(graph.Tensor(Fitted(Precision))).Reshape(centred.Shape) * centred).Sum(1) : AlongAndBeside();
        return squared.AtLeast(0).Sqrt().Reshape(1, embedding.Shape[2], embedding.Shape[3]);

        OnnxValue AlongAndBeside()
        {
            var (basis, weights) = (Fitted(Basis), Fitted(Weights));
            var along = rows.MatMul(graph.Tensor(basis.transpose(1, 2).contiguous()));
            var beside = centred - along.MatMul(graph.Tensor(basis)).Reshape(centred.Shape);
            return (along.Reshape(weights.shape).Square() * graph.Tensor(weights)).Sum(1) + beside.Square().Sum(1) / _options.Regularisation;
        }
    }
}

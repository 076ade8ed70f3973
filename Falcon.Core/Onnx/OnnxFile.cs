using Falcon.Weights;
using Google.Protobuf;

namespace Falcon.Onnx;

/// <summary>Writes ONNX files.</summary>
internal static class OnnxFile
{
    /// <summary>The version of the format that goes with <see cref="OnnxBuilder.Opset"/>.</summary>
    private const int IrVersion = 8;

    /// <summary>Writes a graph with what is said of it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="version">Falcon's version.</param>
    /// <param name="metadata">Texts by name.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or would be larger than such files may be.</exception>
    public static void Write(string path, OnnxMessage graph, string version, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new OnnxMessage()
            .Add(OnnxField.Model.IrVersion, IrVersion).Add(OnnxField.Model.ProducerName, "falcon").Add(OnnxField.Model.ProducerVersion, version);
        if (graph.Size > MostBytes)
            throw new InvalidInputException(
                $"would take {graph.Size / 1e9:F1} GB, and one ONNX file holds at most 2", path, "Use a smaller input, or a method that keeps less.");
        model.Add(OnnxField.Model.Graph, graph).Add(OnnxField.Model.OpsetImport, new OnnxMessage().Add(OnnxField.Entry.Value, OnnxBuilder.Opset));
        foreach (var (name, text) in metadata)
            model.Add(OnnxField.Model.Metadata, new OnnxMessage().Add(OnnxField.Entry.Key, name).Add(OnnxField.Entry.Value, text));
        AtomicFile.Write(path, stream =>
        {
            using var output = new CodedOutputStream(stream, leaveOpen: true);
            model.Write(output);
        });
    }

    /// <summary>Messages of protocol buffers count their bytes with 31 bits; room is left for what is said of the graph.</summary>
    private const long MostBytes = int.MaxValue - (64 << 20);
}

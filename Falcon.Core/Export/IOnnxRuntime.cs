namespace Falcon.Export;

/// <summary>A program that runs ONNX files: an export is proven by it. Falcon.Core brings none; the command's is ONNX Runtime.</summary>
public interface IOnnxRuntime
{
    /// <summary>Its name and version.</summary>
    string Name { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that compute.</param>
    IOnnxSession Open(string path, int threads);
}

/// <summary>An open ONNX file.</summary>
public interface IOnnxSession : IDisposable
{
    /// <summary>Runs it on one image.</summary>
    /// <param name="rgb">The pixels of the input, (H, W, 3) row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <returns>The values of each output by its name.</returns>
    IReadOnlyDictionary<string, float[]> Run(byte[] rgb, int width, int height);
}

using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>FALCON's anomaly map and what it is made of (specification, section 6); each (N, h, w), higher is more anomalous.</summary>
/// <param name="Combined">0.3·student + 0.3·autoencoder + 0.2·detector + 0.2·fusion.</param>
/// <param name="Student">Mean squared error of the student over channels.</param>
/// <param name="Autoencoder">Mean squared error of the autoencoder over channels.</param>
/// <param name="Fusion">Mean squared error of the fused prediction over channels.</param>
/// <param name="Detector">The detector's output in (0, 1).</param>
internal sealed record FalconMaps(Tensor Combined, Tensor Student, Tensor Autoencoder, Tensor Fusion, Tensor Detector);

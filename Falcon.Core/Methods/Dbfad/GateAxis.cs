namespace Falcon.Methods;

/// <summary>Along what the weights of DBFAD's gates and of its attention sum to 1.</summary>
public enum GateAxis
{
    /// <summary>Each row, as published; the values then depend on the width of the image.</summary>
    Width,

    /// <summary>All positions.</summary>
    Positions,

    /// <summary>The channels.</summary>
    Channels,
}

/// <summary>What <see cref="GateAxis"/> computes.</summary>
internal static class GateAxisSoftmax
{
    /// <summary>Softmax of (N, C, h, w).</summary>
    public static TorchSharp.torch.Tensor Softmax(this GateAxis axis, TorchSharp.torch.Tensor x) => axis switch
    {
        GateAxis.Positions => x.flatten(2).softmax(2).reshape(x.shape),
        GateAxis.Channels => x.softmax(1),
        _ => x.softmax(3),
    };
}

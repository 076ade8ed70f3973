using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Restores a feature map (N, 128, h, w) from every fourth of its rows and columns; h and w are multiples of 4.</summary>
internal sealed class SingleNetStudent : Module<Tensor, Tensor>, IOnnxModule
{
    private const int Thinning = 4;

    public SingleNetStudent(int channels, bool orthonormal) : base(nameof(SingleNetStudent))
    {
        const int Local = 64, Global = 64;
        Context =
        [
            new((channels, 0), (Local, Global), doubling: false, orthonormal), new((Local, Global), (Local, Global), doubling: true, orthonormal),
            new((Local, Global), (channels, 0), doubling: true, orthonormal),
        ];
        register_module("context", ModuleList(Context));
    }

    /// <summary>The blocks in the order in which they run.</summary>
    public FourierBlock[] Context { get; }

    /// <summary>The positions 3, 7, 11, … in both directions.</summary>
    public static Tensor Thinned(Tensor features)
    {
        var kept = TensorIndex.Slice(Thinning - 1, null, Thinning);
        return features[TensorIndex.Ellipsis, kept, kept];
    }

    public override Tensor forward(Tensor features)
    {
        (Tensor Local, Tensor? Global) state = (Thinned(features), null);
        foreach (var block in Context)
            state = block.call(state.Local, state.Global);
        return state.Local;
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue features)
    {
        (OnnxValue Local, OnnxValue? Global) state = (features.Select(2, Thin(features.Shape[2])).Select(3, Thin(features.Shape[3])), null);
        foreach (var block in Context)
            state = block.Export(state.Local, state.Global);
        return state.Local;

        long[] Thin(long side) => [.. Enumerable.Range(0, (int)side).Where(place => place % Thinning == Thinning - 1).Select(place => (long)place)];
    }
}

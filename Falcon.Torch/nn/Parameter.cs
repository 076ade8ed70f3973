using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns. It takes over the native tensor it is made of, which is as disposed from then on.</summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data.DecoupleFromNativeHandle()) => this.requires_grad = requires_grad;
}

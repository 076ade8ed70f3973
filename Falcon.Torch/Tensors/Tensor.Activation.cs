using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    public partial class Tensor
    {
        public Tensor relu() => Aten.Call("relu", this);

        public Tensor relu_() => Aten.Update("relu_", this);

        public Tensor relu6() => Aten.Call("relu6", this);

        public Tensor gelu() => Aten.Call("gelu", this);

        public Tensor silu() => Aten.Call("silu", this);

        public Tensor silu_() => Aten.Update("silu_", this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Call("softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Call("log_softmax.int", this, dim, dtype);

        public Tensor log_sigmoid() => Aten.Call("log_sigmoid", this);

        public Tensor leaky_relu(Scalar negative_slope) => Aten.Call("leaky_relu", this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope) => Aten.Update("leaky_relu_", this, negative_slope);

        public Tensor elu(double alpha = 1) => Aten.Call("elu", this, alpha);

        public Tensor hardswish() => Aten.Call("hardswish", this);

        public Tensor hardsigmoid() => Aten.Call("hardsigmoid", this);

        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.Call("softplus", this, beta, threshold);

        public Tensor prelu(Tensor target) => Aten.Call("prelu", this, target);

        public Tensor selu() => Aten.Call("selu", this);
    }
}

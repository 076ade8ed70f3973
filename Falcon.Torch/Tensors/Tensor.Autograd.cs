using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Kept(Native.falcon_tensor_requires_grad(Handle));
            set => Aten.Check(Kept(Native.falcon_tensor_set_requires_grad(Handle, value)));
        }

        public bool is_leaf => Kept(Native.falcon_tensor_is_leaf(Handle));

        /// <summary>The accumulated gradient, sharing its memory; null if there is none.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Kept(Native.falcon_tensor_grad(Handle));
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                var succeeded = Native.falcon_tensor_set_grad(Handle, value?.Handle ?? 0);
                GC.KeepAlive(value);
                Aten.Check(Kept(succeeded));
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad() => Aten.Check(Kept(Native.falcon_tensor_retain_grad(Handle)));

        /// <summary>Adds the gradients of this scalar to the leaves it was computed from.</summary>
        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Aten.Call("detach", this);

        public Tensor detach_() => Aten.Update("detach_", this);
    }
}

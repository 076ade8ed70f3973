using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => Native.falcon_grad_enabled();

    public static bool is_inference_mode_enabled() => Native.falcon_inference_enabled();

    /// <summary>Until the returned object is disposed, operators on this thread record no graph.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Like <see cref="no_grad"/>, and the tensors created can never take part in a graph. Dispose on the same thread.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static class autograd
    {
        /// <summary>Adds the gradients of <paramref name="tensors"/> to the leaves (or to <paramref name="inputs"/> only).</summary>
        /// <param name="grad_tensors">The gradient of each tensor; may be left out for scalars.</param>
        /// <param name="retain_graph">Keep the graph for another pass; by default as <paramref name="create_graph"/>.</param>
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            CheckLengths(tensors, grad_tensors);
            fixed (nint* outputHandles = Handles(tensors), gradHandles = Handles(grad_tensors), inputHandles = Handles(inputs))
            {
                var succeeded = Native.falcon_backward(
                    outputHandles, gradHandles, tensors.Count, inputHandles, inputs?.Count ?? 0, retain_graph ?? create_graph, create_graph);
                KeepAlive(tensors, grad_tensors, inputs);
                Aten.Check(succeeded);
            }
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of the sum of <paramref name="outputs"/> with respect to <paramref name="inputs"/>; none are accumulated.</summary>
        /// <param name="allow_unused">Give null for an input that took no part, instead of an error.</param>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            CheckLengths(outputs, grad_outputs);
            var results = new nint[inputs.Count];
            fixed (nint* outputHandles = Handles(outputs), gradHandles = Handles(grad_outputs), inputHandles = Handles(inputs), resultHandles = results)
            {
                var succeeded = Native.falcon_grad(
                    outputHandles, gradHandles, outputs.Count, inputHandles, inputs.Count, retain_graph || create_graph, create_graph, allow_unused, resultHandles);
                KeepAlive(outputs, grad_outputs, inputs);
                Aten.Check(succeeded);
            }
            return Array.ConvertAll(results, handle => handle == 0 ? null! : new Tensor(handle));
        }

        private static void CheckLengths(IList<Tensor> outputs, IList<Tensor>? gradients)
        {
            if (gradients is not null && gradients.Count != outputs.Count)
                throw new ArgumentException($"{outputs.Count} tensors need as many gradients, not {gradients.Count}.");
        }

        private static nint[]? Handles(IList<Tensor>? tensors) => tensors?.Select(tensor => tensor?.Handle ?? 0).ToArray();

        private static void KeepAlive(params ReadOnlySpan<IList<Tensor>?> lists)
        {
            foreach (var list in lists)
            {
                for (var i = 0; i < list?.Count; i++)
                    GC.KeepAlive(list[i]);
            }
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = Native.falcon_grad_enabled();

        internal GradMode(bool enabled) => Native.falcon_set_grad_enabled(enabled);

        public void Dispose() => Native.falcon_set_grad_enabled(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Native.falcon_inference_enter(enabled);

        public void Dispose()
        {
            var guard = Interlocked.Exchange(ref _guard, 0);
            if (guard != 0)
                Native.falcon_inference_leave(guard);
        }
    }
}

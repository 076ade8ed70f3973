using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The step of Adam and AdamW over all parameters of a group at once.</summary>
internal static class AdamUpdate
{
    /// <param name="decoupledDecay">Shrink the parameters themselves (AdamW) instead of adding to the gradient (Adam).</param>
    internal static void Step(Adam.Options options, Parameter[] parameters, Tensor[] gradients, Adam.State[] states, bool decoupledDecay)
    {
        foreach (var state in states)
            state.step++;
        foreach (var group in Enumerable.Range(0, states.Length).GroupBy(i => states[i].step))
        {
            int[] members = [.. group];
            var alike = new Members(
                Array.ConvertAll(members, i => (Tensor)parameters[i]),
                Array.ConvertAll(members, i => gradients[i]),
                Array.ConvertAll(members, i => states[i].exp_avg!),
                Array.ConvertAll(members, i => states[i].exp_avg_sq!),
                options.amsgrad == true ? Array.ConvertAll(members, i => states[i].max_exp_avg_sq!) : null);
            if (!StepInOnePass(options, group.Key, alike, decoupledDecay))
                StepByOperators(options, group.Key, alike, decoupledDecay);
        }
    }

    /// <returns>False, with nothing changed, if the tensors are not all float32 on the CPU in the same layout.</returns>
    private static unsafe bool StepInOnePass(Adam.Options options, long step, Members members, bool decoupledDecay)
    {
        var numbers = new NativeAdamStep
        {
            Rate = options.LearningRate!.Value,
            Beta1 = options.beta1!.Value,
            Beta2 = options.beta2!.Value,
            Epsilon = options.eps!.Value,
            WeightDecay = options.weight_decay!.Value,
            Number = step,
            Decoupled = decoupledDecay ? (byte)1 : (byte)0,
            Maximize = options.maximize == true ? (byte)1 : (byte)0,
        };
        fixed (nint* parameters = Handles(members.Parameters), gradients = Handles(members.Gradients), means = Handles(members.Means),
               squares = Handles(members.Squares), maxSquares = members.MaxSquares is { } largest ? Handles(largest) : null)
        {
            var succeeded = Native.falcon_adam_step(
                parameters, gradients, means, squares, maxSquares, members.Parameters.Length, numbers, out var done);
            GC.KeepAlive(members);
            Aten.Check(succeeded);
            return done;
        }
    }

    private static void StepByOperators(Adam.Options options, long step, Members members, bool decoupledDecay)
    {
        var (beta1, beta2, rate) = (options.beta1!.Value, options.beta2!.Value, options.LearningRate!.Value);
        var decay = options.weight_decay!.Value;
        var (parameters, gradients, means, squares, maxSquares) = members;
        if (options.maximize == true)
            gradients = Aten.CallList("_foreach_neg", gradients);
        if (decay != 0 && decoupledDecay)
            Aten.Run("_foreach_mul_.Scalar", parameters, 1 - rate * decay);
        else if (decay != 0)
            gradients = Aten.CallList("_foreach_add.List", gradients, parameters, decay);
        Aten.Run("_foreach_mul_.Scalar", means, beta1);
        Aten.Run("_foreach_add_.List", means, gradients, 1 - beta1);
        Aten.Run("_foreach_mul_.Scalar", squares, beta2);
        Aten.Run("_foreach_addcmul_.Scalar", squares, gradients, gradients, 1 - beta2);
        for (var i = 0; i < maxSquares?.Length; i++)
            Aten.Run("maximum.out", maxSquares[i], squares[i], maxSquares[i]);
        var denominators = Aten.CallList("_foreach_sqrt", maxSquares ?? squares);
        Aten.Run("_foreach_div_.Scalar", denominators, Math.Sqrt(1 - Math.Pow(beta2, step)));
        Aten.Run("_foreach_add_.Scalar", denominators, options.eps!.Value);
        Aten.Run("_foreach_addcdiv_.Scalar", parameters, means, denominators, -rate / (1 - Math.Pow(beta1, step)));
    }

    private static nint[] Handles(Tensor[] tensors) => Array.ConvertAll(tensors, tensor => tensor.Handle);

    private sealed record Members(Tensor[] Parameters, Tensor[] Gradients, Tensor[] Means, Tensor[] Squares, Tensor[]? MaxSquares);
}

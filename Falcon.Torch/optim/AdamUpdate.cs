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
            StepAlike(
                options,
                group.Key,
                Array.ConvertAll(members, i => (Tensor)parameters[i]),
                Array.ConvertAll(members, i => gradients[i]),
                Array.ConvertAll(members, i => states[i]),
                decoupledDecay);
        }
    }

    private static void StepAlike(
        Adam.Options options, long step, Tensor[] parameters, Tensor[] gradients, Adam.State[] states, bool decoupledDecay)
    {
        var (beta1, beta2, rate) = (options.beta1!.Value, options.beta2!.Value, options.LearningRate!.Value);
        var decay = options.weight_decay!.Value;
        if (options.maximize == true)
            gradients = Aten.CallList("_foreach_neg", gradients);
        if (decay != 0 && decoupledDecay)
            Aten.Run("_foreach_mul_.Scalar", parameters, 1 - rate * decay);
        else if (decay != 0)
            gradients = Aten.CallList("_foreach_add.List", gradients, parameters, decay);
        var means = Array.ConvertAll(states, state => state.exp_avg!);
        var squares = Array.ConvertAll(states, state => state.exp_avg_sq!);
        Aten.Run("_foreach_mul_.Scalar", means, beta1);
        Aten.Run("_foreach_add_.List", means, gradients, 1 - beta1);
        Aten.Run("_foreach_mul_.Scalar", squares, beta2);
        Aten.Run("_foreach_addcmul_.Scalar", squares, gradients, gradients, 1 - beta2);
        if (options.amsgrad == true)
        {
            foreach (var state in states)
                Aten.Call("maximum.out", state.max_exp_avg_sq, state.exp_avg_sq, state.max_exp_avg_sq);
            squares = Array.ConvertAll(states, state => state.max_exp_avg_sq!);
        }
        var denominators = Aten.CallList("_foreach_sqrt", squares);
        Aten.Run("_foreach_div_.Scalar", denominators, Math.Sqrt(1 - Math.Pow(beta2, step)));
        Aten.Run("_foreach_add_.Scalar", denominators, options.eps!.Value);
        Aten.Run("_foreach_addcdiv_.Scalar", parameters, means, denominators, -rate / (1 - Math.Pow(beta1, step)));
    }
}

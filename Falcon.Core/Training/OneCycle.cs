namespace Falcon.Training;

/// <summary>The one-cycle schedule (Smith and Topin 2018) as PyTorch computes it: the learning rate rises from 0.4 to 10 times the nominal rate in the
/// first 30 % of the steps and falls to 4e-5 times it in the others, both along half a cosine, while Adam's first beta goes the other way.</summary>
public static class OneCycle
{
    private const double Peak = 10, InitialDivisor = 25, FinalDivisor = 1e4, RisingShare = 0.3, HighBeta = 0.95, LowBeta = 0.85;

    /// <summary>The learning rate and Adam's first beta of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="rate">The nominal learning rate.</param>
    public static (double LearningRate, double Beta1) At(long step, long steps, double rate)
    {
        double first = Peak * rate / InitialDivisor, highest = Peak * rate, last = first / FinalDivisor;
        double turn = RisingShare * steps - 1, end = steps - 1;
        if (step <= turn)
            return (Between(first, highest, step / turn), Between(HighBeta, LowBeta, step / turn));
        var share = (step - turn) / (end - turn);
        return (Between(highest, last, share), Between(LowBeta, HighBeta, share));
    }

    private static double Between(double start, double end, double share) => end + (start - end) / 2 * (1 + Math.Cos(Math.PI * share));
}

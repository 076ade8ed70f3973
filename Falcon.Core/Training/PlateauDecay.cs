namespace Falcon.Training;

/// <summary>Drops the learning rate whenever the loss has not become better for a while: "better" is below the best so far by a ten-thousandth.</summary>
public static class PlateauDecay
{
    private const double Threshold = 1e-4, Factor = 0.1;

    /// <summary>The learning rate after these epochs.</summary>
    /// <param name="rate">The initial learning rate.</param>
    /// <param name="losses">The loss of each finished epoch.</param>
    /// <param name="patience">The rate drops to a tenth when more than this many epochs in a row are not better.</param>
    public static double At(double rate, IReadOnlyList<double> losses, int patience)
    {
        double best = double.PositiveInfinity;
        var bad = 0;
        foreach (var loss in losses)
        {
            if (loss < best * (1 - Threshold))
                (best, bad) = (loss, 0);
            else
                bad++;
            if (bad > patience)
                (rate, bad) = (rate * Factor, 0);
        }
        return rate;
    }
}

using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>Where the numbers come from that say which patches go where.</summary>
internal interface IPatchDraws
{
    /// <summary>A number of the gamma distribution.</summary>
    /// <param name="shape">A whole number.</param>
    /// <param name="scale">The mean over the shape.</param>
    double Gamma(int shape, double scale);

    /// <summary>A uniform whole number from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    int Integer(int low, int high);
}

/// <summary>Draws from a stream. Of a whole shape the gamma distribution is that of a sum of exponential ones.</summary>
internal sealed class PatchDraws(RandomStream stream) : IPatchDraws
{
    public double Gamma(int shape, double scale)
    {
        var sum = 0.0;
        for (var i = 0; i < shape; i++)
            sum -= Math.Log(1 - stream.NextDouble());
        return scale * sum;
    }

    public int Integer(int low, int high) => stream.NextInt(low, high - 1);
}

using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The debiased Sinkhorn divergence of two clouds of points with equal weights (Feydy et al., AISTATS 2019), cost |x − y|²/2, in the loop with ε-scaling
/// that the published code runs (specification, section 5).</summary>
internal static class SinkhornDivergence
{
    private const double Blur = 0.05, Scaling = 0.95, PublishedDiameter = 1e7;

    /// <summary>The divergence as a scalar, with gradients for both clouds.</summary>
    /// <param name="x">(n, d) float64.</param>
    /// <param name="y">(m, d) float64.</param>
    /// <param name="diameter">Where ε-scaling begins; at least the largest distance.</param>
    public static Tensor Of(Tensor x, Tensor y, double diameter = PublishedDiameter)
    {
        var (ofX, ofY) = (-Math.Log(x.shape[0]), -Math.Log(y.shape[0]));
        var (xy, yx, xx, yy) = (Costs(x, y), Costs(y, x), Costs(x, x), Costs(y, y));
        var potentials = Potentials([xy.detach(), yx.detach(), xx.detach(), yy.detach()], ofX, ofY, diameter);
        var last = Updated([xy, yx, xx, yy], potentials, ofX, ofY, Blur * Blur);
        return (last[0] - last[2]).mean() + (last[1] - last[3]).mean();
    }

    /// <summary>f, g, f_a and g_b before the last update.</summary>
    private static Tensor[] Potentials(Tensor[] costs, double ofX, double ofY, double diameter)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor[]? potentials = null;
        foreach (var epsilon in Epsilons(diameter))
        {
            using var step = NewDisposeScope();
            var start = potentials ?? Updated(costs, null, ofX, ofY, epsilon);
            var next = Updated(costs, start, ofX, ofY, epsilon);
            potentials = [.. start.Zip(next, (old, updated) => ((old + updated) / 2).MoveToOuterDisposeScope())];
        }
        return [.. potentials!.Select(potential => potential.MoveToOuterDisposeScope())];
    }

    /// <summary>From the square of the diameter down to that of the blur.</summary>
    private static IEnumerable<double> Epsilons(double diameter)
    {
        yield return diameter * diameter;
        double first = 2 * Math.Log(diameter), step = 2 * Math.Log(Scaling), end = 2 * Math.Log(Blur);
        for (var i = 0; first + i * step > end; i++)
            yield return Math.Exp(first + i * step);
        yield return Blur * Blur;
    }

    /// <summary>One update of all potentials from the earlier ones, or from none.</summary>
    private static Tensor[] Updated(Tensor[] costs, Tensor[]? potentials, double ofX, double ofY, double epsilon)
    {
        return [Soft(0, 1, ofY), Soft(1, 0, ofX), Soft(2, 2, ofX), Soft(3, 3, ofY)];

        Tensor Soft(int cost, int other, double weight)
        {
            var exponents = -costs[cost] / epsilon + weight;
            return ((potentials is null ? exponents : exponents + potentials[other] / epsilon).logsumexp(1)) * -epsilon;
        }
    }

    /// <summary>(n, m); only the first cloud gets gradients.</summary>
    private static Tensor Costs(Tensor from, Tensor to)
    {
        var other = to.detach();
        return (from.square().sum(1, keepdim: true) + other.square().sum(1).unsqueeze(0) - 2 * from.matmul(other.t())) / 2;
    }
}

namespace Falcon.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
internal sealed record ChartAxis(string Label, double Low, double High)
{
    /// <summary>The distance of its ticks; null leaves it to the program that draws.</summary>
    public double? Step { get; init; }

    /// <summary>Names at places, instead of numbers; null for numbers.</summary>
    public IReadOnlyList<(double At, string Text)>? Names { get; init; }

    /// <summary>Whether equal ratios have equal lengths.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether it is not shown at all.</summary>
    public bool IsHidden { get; init; }

    /// <summary>An axis of percentages that shows some values and the round numbers about them.</summary>
    /// <param name="label">What it measures.</param>
    /// <param name="percents">The values, at least one.</param>
    public static ChartAxis OfPercents(string label, IReadOnlyCollection<double> percents)
    {
        var step = (percents.Max() - percents.Min()) switch { > 25 => 10, > 8 => 5, > 3 => 2, _ => 0.5 };
        var (low, high) = (Math.Floor(percents.Min() / step) * step, Math.Min(100, Math.Ceiling(percents.Max() / step) * step));
        return new ChartAxis(label, Math.Max(0, low == percents.Min() ? low - step / 2 : low), high == 100 ? 100 + step / 8 : high + step / 4) { Step = step };
    }

    /// <summary>A logarithmic axis that shows some values.</summary>
    /// <param name="label">What it measures.</param>
    /// <param name="values">Above 0, at least one.</param>
    public static ChartAxis Logarithmic(string label, IReadOnlyCollection<double> values) =>
        new(label, Decade(Math.Log10(values.Min()) - 0.05, Math.Floor), Decade(Math.Log10(values.Max()) + 0.05, Math.Ceiling)) { IsLogarithmic = true };

    // Whole decades where several are spanned, else thirds of one.
    private static double Decade(double exponent, Func<double, double> round) => Math.Pow(10, round(3 * exponent) / 3);
}

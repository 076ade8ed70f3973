using System.Globalization;

namespace Falcon.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
public sealed record ChartAxis(string Label, double Low, double High)
{
    private const int MostTicks = 7;

    /// <summary>The distance of its ticks, unless it has names or is logarithmic: a round number that gives four to seven of them.</summary>
    public double Step { get; init; } = RoundStep((High - Low) / (MostTicks - 1) * 0.999);

    /// <summary>Names at places, instead of numbers; null for numbers.</summary>
    public IReadOnlyList<ChartTick>? Names { get; init; }

    /// <summary>Whether equal ratios have equal lengths.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether it is not shown at all.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Its ticks, ascending.</summary>
    public IReadOnlyList<ChartTick> Ticks => IsHidden ? [] : Names ?? (IsLogarithmic ? LogarithmicTicks() : LinearTicks(Step));

    /// <summary>What is written at the ticks.</summary>
    public string TickText => string.Concat(Ticks.Select(tick => tick.Text));

    /// <summary>An axis of percentages that shows some values and the round numbers about them.</summary>
    /// <param name="label">What it measures.</param>
    /// <param name="percents">The values, at least one.</param>
    public static ChartAxis OfPercents(string label, IReadOnlyCollection<double> percents)
    {
        var step = (percents.Max() - percents.Min()) switch { > 60 => 20, > 25 => 10, > 8 => 5, > 3 => 2, > 1.5 => 1, _ => 0.5 };
        var (low, high) = (Math.Floor(percents.Min() / step) * step, Math.Min(100, Math.Ceiling(percents.Max() / step) * step));
        if (low == percents.Min())
            low -= step / 2;
        if (Math.Floor(high / step) - Math.Ceiling(low / step) < 2)
            low = (Math.Floor(high / step) - 2) * step;
        return new ChartAxis(label, Math.Max(0, low), high == 100 ? 100 + step / 8 : high + step / 4) { Step = step };
    }

    /// <summary>An axis of whole numbers.</summary>
    /// <param name="label">What it counts.</param>
    /// <param name="low">Where it begins.</param>
    /// <param name="high">Where it ends.</param>
    public static ChartAxis OfCounts(string label, double low, double high)
    {
        var axis = new ChartAxis(label, low, high);
        return axis with { Step = Math.Max(1, axis.Step) };
    }

    /// <summary>A logarithmic axis that shows some values.</summary>
    /// <param name="label">What it measures.</param>
    /// <param name="values">Above 0, at least one.</param>
    public static ChartAxis Logarithmic(string label, IReadOnlyCollection<double> values) =>
        new(label, Decade(Math.Log10(values.Min()) - 0.05, Math.Floor), Decade(Math.Log10(values.Max()) + 0.05, Math.Ceiling)) { IsLogarithmic = true };

    // Whole decades where several are spanned, else thirds of one.
    private static double Decade(double exponent, Func<double, double> round) => Math.Pow(10, round(3 * exponent) / 3);

    // The least of 1, 2 and 5 times a power of ten that is not below a number.
    private static double RoundStep(double least)
    {
        var decade = Math.Floor(Math.Log10(least));
        var multiple = (least / Math.Pow(10, decade)) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return Scaled(multiple, (int)decade);
    }

    // The number that is written with these digits and this power of ten: dividing rounds once, where multiplying with 0.1 rounds twice.
    private static double Scaled(int digits, int exponent) => exponent < 0 ? digits / Math.Pow(10, -exponent) : digits * Math.Pow(10, exponent);

    private List<ChartTick> LinearTicks(double step)
    {
        var decimals = Enumerable.Range(0, 7).First(count => count == 6 || Math.Abs(Math.Round(step, count) - step) < 1e-6 * step);
        var first = (long)Math.Ceiling(Low / step - 1e-9);
        var last = (long)Math.Floor(High / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Math.Clamp(Math.Round((first + i) * step, decimals), Low, High)).Select(at => new ChartTick(at, Written(at, decimals)))];
    }

    // Labels at the decades where there are three, else at more multiples of them, else at even distances; the other multiples are small ticks.
    private List<ChartTick> LogarithmicTicks()
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(Low)), (int)Math.Floor(Math.Log10(High)));
        var every = (last - first + MostTicks) / MostTicks;
        List<(int Exponent, int Multiple, double At)> places =
        [
            .. Enumerable.Range(first, last - first + 1)
                .SelectMany(exponent => Enumerable.Range(1, 9).Select(multiple => (exponent, multiple, At: Scaled(multiple, exponent))))
                .Where(place => place.At >= Low * (1 - 1e-9) && place.At <= High * (1 + 1e-9)),
        ];
        int[][] choices = [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];
        foreach (var labelled in choices)
        {
            if (places.Count(place => labelled.Contains(place.Multiple)) >= 3)
                return [.. places.Select(place => new ChartTick(Math.Clamp(place.At, Low, High), labelled.Contains(place.Multiple) && place.Exponent % every == 0 ? Short(place) : ""))];
        }
        return LinearTicks(Step);
    }

    private static string Short((int Exponent, int Multiple, double At) place) =>
        place.Exponent is >= -4 and <= 4 ? Written(place.At, Math.Max(0, -place.Exponent)) : $"{place.Multiple}e{(place.Exponent < 0 ? "−" : "")}{Math.Abs(place.Exponent)}";

    private static string Written(double number, int decimals) => number.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−');
}

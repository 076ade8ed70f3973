using System.Globalization;

namespace Falcon.Reports;

/// <summary>P-values in print.</summary>
internal static class PValue
{
    private const double Smallest = 0.001;

    /// <summary>With three decimals, as <c>0.034</c> or <c>&lt; 0.001</c>.</summary>
    public static string Text(double value) => value < Smallest ? "< 0.001" : value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>In a sentence: <c>p = 0.034</c> or <c>p &lt; 0.001</c>.</summary>
    public static string Relation(double value) => value < Smallest ? "p < 0.001" : $"p = {Text(value)}";
}

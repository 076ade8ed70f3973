using System.Globalization;

namespace Falcon.Reports;

/// <summary>One entry of a table.</summary>
public abstract record TableCell
{
    private TableCell()
    {
    }

    /// <summary>A name.</summary>
    /// <param name="Value">Shown as it is; each style escapes what is special to it.</param>
    /// <param name="Mark">The mark of a note that belongs to it; empty for none.</param>
    public sealed record Text(string Value, string Mark = "") : TableCell;

    /// <summary>A measured fraction, shown in percent.</summary>
    /// <param name="Estimate">Mean and standard deviation.</param>
    /// <param name="Emphasis">How it stands out.</param>
    /// <param name="Mark">The marks of notes that belong to it; empty for none.</param>
    /// <param name="PValue">Of the test against the best of its shots, corrected; null where nothing was tested. Pages and JSON show it.</param>
    public sealed record Number(Estimate Estimate, Emphasis Emphasis = Emphasis.None, string Mark = "", double? PValue = null) : TableCell;

    /// <summary>A difference of two fractions, shown with its sign in percentage points.</summary>
    /// <param name="Fraction">In [−1, 1].</param>
    /// <param name="Mark">The mark of a note that belongs to it; empty for none.</param>
    public sealed record Difference(double Fraction, string Mark = "") : TableCell
    {
        /// <summary>As every style prints it, with one decimal.</summary>
        public string Signed => (100 * Fraction).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>A number that there is not, shown as a dash.</summary>
    /// <param name="Mark">The mark of the note that says why.</param>
    public sealed record Missing(string Mark) : TableCell;
}

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
    public sealed record Number(Estimate Estimate, Emphasis Emphasis = Emphasis.None) : TableCell;

    /// <summary>A number that there is not, shown as a dash.</summary>
    /// <param name="Mark">The mark of the note that says why.</param>
    public sealed record Missing(string Mark) : TableCell;
}

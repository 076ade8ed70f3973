namespace Falcon.Reports;

/// <summary>How a series looks: each number, from 0, chooses among the colours, dashes and marks that figures share; <see cref="PlotStyle.Guide"/> and
/// <see cref="PlotStyle.Ink"/> are looks of their own. A number alone stands for all three.</summary>
/// <param name="Colour">Its colour: that of a method.</param>
/// <param name="Dash">Its dashes: those of a number of shots, where there are several.</param>
/// <param name="Mark">Its marks.</param>
public readonly record struct SeriesStyle(int Colour, int Dash, int Mark)
{
    /// <summary>Colour, dashes and marks of one number.</summary>
    public static implicit operator SeriesStyle(int number) => new(number, number, number);
}

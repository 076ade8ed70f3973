using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>The looks of the curves of a study: a method has one colour in all figures, and dashes tell numbers of shots apart, or methods where all have the same shots.</summary>
internal sealed class ContenderStyle
{
    private readonly List<MethodLabel> _methods;
    private readonly List<ShotCount> _shots;

    public ContenderStyle(CellSet cells)
    {
        _methods = [.. cells.Contenders.Select(contender => contender.Method).Distinct()];
        _shots = [.. cells.Contenders.Select(contender => contender.Shots).Distinct().Order()];
    }

    /// <summary>Of a curve.</summary>
    public SeriesStyle Of(Contender contender)
    {
        var method = _methods.IndexOf(contender.Method);
        // Methods beyond the last colour begin again with other dashes.
        return _shots.Count == 1 ? method : new SeriesStyle(method, _shots.IndexOf(contender.Shots) + method / PlotStyle.ColourCount * _shots.Count, method);
    }

    /// <summary>Of all that a method shows, whatever its shots: marks tell methods apart where dashes stand for shots.</summary>
    public SeriesStyle Of(MethodLabel method) => new(_methods.IndexOf(method), _shots.Count == 1 ? _methods.IndexOf(method) : 0, _methods.IndexOf(method));
}

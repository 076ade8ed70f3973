using System.Text;

namespace Falcon.Reports;

/// <summary>The data of a chart as one table: two columns for each series, three for error bars, shorter ones filled up with <c>nan</c>.</summary>
internal sealed class ChartData
{
    private readonly List<(string Heading, Func<int, double?> Value)> _columns = [];
    private readonly int[] _first;

    public ChartData(Chart chart)
    {
        _first = new int[chart.Series.Count];
        for (var i = 0; i < chart.Series.Count; i++)
        {
            var series = chart.Series[i];
            _first[i] = _columns.Count;
            _columns.Add(($"x{i}", At(series.Points, point => point.X)));
            _columns.Add(($"y{i}", At(series.Points, point => point.Y)));
            if (series is ChartSeries.ErrorBars bars)
                _columns.Add(($"reach{i}", At(bars.Reach, reach => reach)));
        }
        var text = new StringBuilder();
        for (var i = 0; i < chart.Series.Count; i++)
        {
            if (chart.Series[i].Title.Length > 0)
                text.Append($"# x{i}, y{i}: {FileName.Shown(chart.Series[i].Title)}\n");
        }
        text.AppendJoin(' ', _columns.Select(column => column.Heading)).Append('\n');
        for (var row = 0; row < chart.Series.Max(series => series.Points.Count); row++)
            text.AppendJoin(' ', _columns.Select(column => column.Value(row) is { } value ? PlotStyle.Number(value) : "nan")).Append('\n');
        Text = text.ToString();
    }

    /// <summary>The content of the file.</summary>
    public string Text { get; }

    /// <summary>The number, from 1, of the first column of a series.</summary>
    public int Column(int series) => _first[series] + 1;

    private static Func<int, double?> At<T>(IReadOnlyList<T> items, Func<T, double> value) => row => row < items.Count ? value(items[row]) : null;
}

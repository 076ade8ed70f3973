using System.Globalization;
using System.Text;

namespace Falcon.Watching;

/// <summary>The records of a watch as comma-separated values.</summary>
public sealed class WatchTable : IWatchOutput
{
    private const string Header = "number,file,inspected,score,threshold,relative,anomalous,regions,percent,overlay,fault";

    private readonly string _path;
    private readonly FileStream _file;

    /// <summary>Opens or begins a table; a last line that a crash has cut is taken off.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be written, or is no such table.</exception>
    public WatchTable(string path)
    {
        _path = path;
        FileStream? opened = null;
        FileFault.Explain(path, () => opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        _file = opened!;
        Delivered = Continue();
    }

    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public long? Delivered { get; private set; }

    /// <inheritdoc/>
    public Task Deliver(WatchRecord record, string json, CancellationToken cancellation)
    {
        // Not buffered: a row that a full disk has cut is written over when there is room, not behind it.
        _file.Write(Encoding.UTF8.GetBytes(Row(record) + "\n"));
        _file.Flush(flushToDisk: true);
        Delivered = record.Number;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string Row(WatchRecord record)
    {
        var (prediction, regions) = (record.Prediction, record.Prediction?.Regions);
        return Csv.Line(
        [
            record.Number.ToString(CultureInfo.InvariantCulture), record.File, record.Inspected.ToString("O", CultureInfo.InvariantCulture), Number(prediction?.Score),
            Number(record.Threshold), Number(prediction?.Relative), prediction is null ? "" : prediction.Anomalous ? "1" : "0",
            regions?.Count.ToString(CultureInfo.InvariantCulture) ?? "", Number(regions?.Sum(region => region.Percent)), prediction?.Overlay ?? "", record.Fault ?? "",
        ]);
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private long Continue()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        var lines = reader.ReadToEnd().Split('\n');
        // Behind the last line end stands what a crash has cut, or nothing.
        var whole = lines[..^1];
        if (whole.Length > 0 && whole[0] != Header)
            throw new InvalidInputException("is another table", _path, "Choose another folder with --out, or move it away.");
        _file.SetLength(whole.Sum(line => Encoding.UTF8.GetByteCount(line) + 1L));
        _file.Position = _file.Length;
        if (whole.Length == 0)
            _file.Write(Encoding.UTF8.GetBytes(Header + "\n"));
        return whole.Length > 1 && long.TryParse(whole[^1].Split(',')[0], CultureInfo.InvariantCulture, out var last) ? last : 0;
    }
}

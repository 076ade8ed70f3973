using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Falcon.Detection;

namespace Falcon.Watching;

/// <summary>Everything that a watch has said, a line of JSON for each file, written to the disk before anybody hears of it: after a crash the watch goes on behind its last whole line. Only one
/// process may write it.</summary>
internal sealed class WatchJournal : IDisposable
{
    private readonly FileStream _lock;
    private readonly FileStream? _file;
    private readonly HashSet<UInt128> _known = [];

    /// <summary>Opens or begins a journal; a last line that a crash has cut is taken off.</summary>
    /// <exception cref="InvalidInputException">Another process writes it, it cannot be written, or it holds something else.</exception>
    public WatchJournal(string path)
    {
        Path = path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        // Only a file that nobody else may open keeps others out on every system; the journal itself may be read at any time.
        _lock = Open(System.IO.Path.ChangeExtension(path, ".lock"), FileShare.None, "Another 'falcon watch' may be writing there: end it, or choose another folder with --out.");
        try
        {
            _file = Open(path, FileShare.Read, "Choose another folder with --out.");
            ReadAll();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The number of its last record; 0 for none.</summary>
    public long Last { get; private set; }

    /// <summary>Whether a file of this name, size and time has been dealt with; its content need not be read then.</summary>
    public bool Knows(ArrivedFile file) => _known.Contains(Key(file.Name, file.Stamp.Bytes.ToString(CultureInfo.InvariantCulture), Text(file.Stamp.Written)));

    /// <summary>Whether a file of this name and content has been dealt with.</summary>
    public bool Knows(string name, string sha256) => _known.Contains(Key(name, sha256, ""));

    /// <summary>Writes a record to the disk.</summary>
    /// <exception cref="InvalidInputException">The disk is full, or somebody has removed the journal or moved it away.</exception>
    public void Append(WatchRecord record)
    {
        if (!File.Exists(Path))
            throw new InvalidInputException("the journal is gone, and what is written to it would be lost", Path, "Put it back, or start again: the photos that are there are inspected anew.");
        var line = JsonSerializer.Serialize(record, DetectorJson.Options) + "\n";
        FileFault.Explain(Path, () =>
        {
            _file!.Write(Encoding.UTF8.GetBytes(line));
            _file.Flush(flushToDisk: true);
        });
        Remember(record);
    }

    /// <summary>The records of a journal behind a number, each with its line, also while another thread appends to it.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="number">The last one that is not wanted.</param>
    /// <param name="position">Where to start reading; where to read on afterwards.</param>
    public static List<(WatchRecord Record, string Line)> Behind(string path, long number, ref long position)
    {
        var records = new List<(WatchRecord, string)>();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = position;
        foreach (var (record, line, end) in Lines(file, path))
        {
            position = end;
            if (record.Number > number)
                records.Add((record, Encoding.UTF8.GetString(line)));
        }
        return records;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _lock.Dispose();
    }

    private static FileStream Open(string path, FileShare share, string fix)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written ({error.Message})", path, fix);
        }
    }

    private void ReadAll()
    {
        long end = 0;
        foreach (var (record, _, after) in Lines(_file!, Path))
        {
            if (record.Number != Last + 1)
                throw NoJournal(Path, $"record {record.Number} follows record {Last}");
            Remember(record);
            end = after;
        }
        _file!.SetLength(end);
        _file.Position = end;
    }

    /// <summary>Whole lines, each with the position behind it; its bytes are there until the next one is asked for.</summary>
    private static IEnumerable<(WatchRecord Record, ArraySegment<byte> Line, long End)> Lines(FileStream file, string path)
    {
        var start = file.Position;
        var reader = new BufferedStream(file, 1 << 16); // The file stays open.
        var line = new MemoryStream();
        for (int value; (value = reader.ReadByte()) >= 0;)
        {
            start++;
            if (value != '\n')
            {
                line.WriteByte((byte)value);
                continue;
            }
            WatchRecord? record = null;
            var bytes = new ArraySegment<byte>(line.GetBuffer(), 0, (int)line.Length);
            try
            {
                record = JsonSerializer.Deserialize<WatchRecord>(bytes, DetectorJson.Options);
            }
            catch (JsonException)
            {
            }
            yield return (record is { File: not null, Sha256: not null } ? record : throw NoJournal(path, "a line is none of its records"), bytes, start);
            line.SetLength(0);
        }
    }

    private static InvalidInputException NoJournal(string path, string what) =>
        new($"is no sound journal of a watch: {what}", path, "Choose another folder with --out, or move it away.");

    private void Remember(WatchRecord record)
    {
        Last = record.Number;
        _known.Add(Key(record.File, record.Sha256, ""));
        _known.Add(Key(record.File, record.Bytes.ToString(CultureInfo.InvariantCulture), Text(record.Written)));
    }

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Half a digest is enough to tell files apart, and little enough for millions.</summary>
    private static UInt128 Key(string name, string first, string second)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{first}\0{second}"), digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}

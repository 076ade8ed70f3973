using System.Globalization;
using System.Text;

namespace Falcon.Watching;

/// <summary>Delivers the records of a journal to one output, at its own pace; what has been delivered is remembered in a file beside the journal.</summary>
internal sealed class JournalFollower : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly string _journal;
    private readonly string _cursor;
    private readonly IWatchOutput _output;
    private readonly Action<string> _warn;
    private readonly SemaphoreSlim _more = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private long _position;
    private long _delivered;
    private volatile bool _isEnding;
    private volatile bool _hasFailed;

    /// <summary>Starts to deliver.</summary>
    /// <param name="journal">The journal's file.</param>
    /// <param name="last">The number of the last record: an output that is new gets those that follow, unless it knows what it has.</param>
    /// <param name="output">The output; it becomes this follower's.</param>
    /// <param name="warn">Told what goes wrong.</param>
    public JournalFollower(string journal, long last, IWatchOutput output, Action<string> warn)
    {
        (_journal, _output, _warn) = (journal, output, warn);
        _cursor = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(journal))!, $"{output.Name}.delivered");
        _delivered = output.Delivered ?? Remembered() ?? last;
        Remember();
        _work = Task.Run(Follow);
    }

    /// <summary>The output's.</summary>
    public string Name => _output.Name;

    /// <summary>The journal has grown.</summary>
    public void Look() => _more.Release();

    /// <summary>Waits for what has not been delivered yet, but not for long.</summary>
    /// <returns>Whether all has been.</returns>
    public bool End(TimeSpan patience)
    {
        _isEnding = true;
        _more.Release();
        var isDone = _work.Wait(patience) && !_hasFailed;
        _stop.Cancel();
        _work.Wait();
        return isDone;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_work.IsCompleted)
            End(TimeSpan.Zero);
        _output.Dispose();
        _more.Dispose();
        _stop.Dispose();
    }

    private long? Remembered() =>
        File.Exists(_cursor) && long.TryParse(File.ReadAllText(_cursor), CultureInfo.InvariantCulture, out var number) ? number : null;

    private void Remember()
    {
        if (_output.Delivered is null)
            AtomicFile.Write(_cursor, stream => stream.Write(Encoding.ASCII.GetBytes(_delivered.ToString(CultureInfo.InvariantCulture))));
    }

    private async Task Follow()
    {
        try
        {
            while (true)
            {
                var isLast = _isEnding;
                foreach (var (record, json) in WatchJournal.Behind(_journal, _delivered, ref _position))
                    await Deliver(record, json).ConfigureAwait(false);
                if (isLast)
                    return;
                await _more.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is delivered after the next start.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidInputException)
        {
            _hasFailed = true;
            _warn($"{_output.Name} gets nothing more: the journal cannot be read ({error.Message})");
        }
    }

    private async Task Deliver(WatchRecord record, string json)
    {
        for (var pause = TimeSpan.FromSeconds(0.5); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            _stop.Token.ThrowIfCancellationRequested();
            try
            {
                await _output.Deliver(record, json, _stop.Token).ConfigureAwait(false);
                break;
            }
            catch (InvalidInputException refusal)
            {
                _warn(refusal.Message);
                break;
            }
            catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                // Whatever an output of somebody's own throws: what it has not taken is not lost.
                _warn($"{_output.Name}: record {record.Number} is not delivered ({error.Message}); tried again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, _stop.Token).ConfigureAwait(false);
            }
        }
        _delivered = record.Number;
        try
        {
            Remember();
        }
        catch (InvalidInputException error)
        {
            // After a crash this record may come again.
            _warn(error.Message);
        }
    }
}

using Falcon.Detection;
using Falcon.Watching;

// folder-watcher MODEL FOLDER RESULTS: inspects every photo that arrives, once, until Ctrl-C; started again it goes on.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var detector = Detector.Load(args[0]);
using var watch = new FolderWatch(detector, args[1], args[2]);
try
{
    foreach (var record in watch.Run(stop.Token))
        Console.WriteLine($"{record.File}: {(record.Prediction is { } prediction ? prediction.Anomalous ? "anomalous" : "good" : record.Fault)}");
}
catch (OperationCanceledException)
{
    Console.WriteLine($"{watch.Inspected} photos inspected");
}

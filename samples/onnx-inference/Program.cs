using Falcon.Inference;

using var inspector = Inspector.Load(args[0]);
foreach (var photo in args[1..])
{
    var inspection = inspector.Inspect(photo);
    Console.WriteLine($"{Path.GetFileName(photo)}: {inspection.Score:R} of {inspection.Threshold:R}, {(inspection.IsAnomalous ? "anomalous" : "good")}");
    foreach (var region in inspection.Regions())
        Console.WriteLine($"  {region.Area} pixels, {region.Box.Width}×{region.Box.Height} at {region.Box.X},{region.Box.Y}");
}

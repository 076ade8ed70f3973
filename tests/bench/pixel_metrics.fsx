// All pixel metrics of one category, region labelling included: on the maps of aupro_200.py, or on COUNT drawn maps of SIZE × SIZE that are made when asked for.
//   taskset -c 0 dotnet fsi tests/bench/pixel_metrics.fsx FOLDER
//   dotnet fsi tests/bench/pixel_metrics.fsx --drawn COUNT SIZE
#r "../../artifacts/bin/Falcon.Core/release/Falcon.Core.dll"

open System
open System.Collections
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open Falcon.Metrics

let metrics =
    [ Metric.PixelAuroc
      Metric.PixelAp
      Metric.PixelF1Max
      Metric.Aupro 0.3
      Metric.Aupro 0.05
      Metric.RegionOverlap()
      Metric.Aupimo() ]

/// The values behind the header of a .npy file of format 1.0.
let npy path =
    let bytes = File.ReadAllBytes path
    bytes.AsMemory(10 + int (BitConverter.ToUInt16(bytes, 8)))

let ofFolder folder =
    let maps = MemoryMarshal.Cast<byte, float32>((npy (Path.Combine(folder, "maps.npy"))).Span).ToArray()
    let masks = (npy (Path.Combine(folder, "masks.npy"))).ToArray()
    let size = 256
    let pixels = size * size

    [| for i in 0 .. maps.Length / pixels - 1 ->
           AnomalyMapSample(string i, size, ReadOnlyMemory(maps, i * pixels, pixels), ReadOnlyMemory(masks, i * pixels, pixels)) |]
    :> IReadOnlyList<_>

let drawn count size =
    let draw index =
        let random = Random(index: int)
        let scores = Array.init (size * size) (fun _ -> random.NextSingle())
        let mask = Array.zeroCreate<byte>(size * size)

        if index % 4 > 0 then
            for row in size / 4 .. size / 2 do
                for column in size / 4 .. size / 2 do
                    mask[row * size + column] <- 1uy
                    scores[row * size + column] <- scores[row * size + column] + 0.5f

        AnomalyMapSample(string index, size, scores, mask)

    { new IReadOnlyList<AnomalyMapSample> with
        member _.Item
            with get index = draw index
      interface IReadOnlyCollection<AnomalyMapSample> with
          member _.Count = count
      interface IEnumerable<AnomalyMapSample> with
          member _.GetEnumerator() : IEnumerator<AnomalyMapSample> = (Seq.init count draw).GetEnumerator()
      interface IEnumerable with
          member _.GetEnumerator() : IEnumerator = (Seq.init count draw).GetEnumerator() }

let measure (maps: IReadOnlyList<AnomalyMapSample>) =
    let watch = Stopwatch.StartNew()
    let images = ImageRanking([| 0.0 |], [| false |])
    let ranking = PixelRanking maps
    printfn $"{Metric.Aupro(0.3).Title, -16} {(Metric.Aupro(0.3).Of(images, ranking)).Value:F6} alone: {watch.Elapsed.TotalSeconds:F2} s"

    for metric in metrics do
        printfn $"{metric.Title, -16} {(metric.Of(images, ranking)).Value:F6}"

    printfn
        $"{watch.Elapsed.TotalSeconds:F2} s, {ranking.Positives} anomalous of {ranking.Positives + ranking.Negatives} pixels in {ranking.Regions} regions"

match List.tail (List.ofArray fsi.CommandLineArgs) with
| [ "--drawn"; count; size ] -> measure (drawn (int count) (int size))
| [ folder ] ->
    let maps = ofFolder folder

    for _ in 1..3 do
        measure maps
| _ -> eprintfn "usage: pixel_metrics.fsx FOLDER | --drawn COUNT SIZE"

let peak = File.ReadLines "/proc/self/status" |> Seq.find (fun line -> line.StartsWith "VmHWM")
printfn $"peak resident memory: {peak.Substring 6 |> _.Trim()}"

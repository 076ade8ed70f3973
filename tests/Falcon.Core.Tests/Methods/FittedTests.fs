/// PaDiM and PatchCore against slow, obviously right computations.
module Falcon.Core.Tests.Methods.FittedTests

open Expecto
open Falcon
open Falcon.Tests
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Falcon.Methods

let private randomPoints (seed: int) (shape: int64[]) =
    use generator = new torch.Generator(uint64 (abs (int64 seed)))
    torch.rand (shape, generator = generator)

let private rows (points: torch.Tensor) = points.data<float32>().ToArray() |> Array.map float |> Array.chunkBySize (int points.shape[1])

let private squared (a: float[]) (b: float[]) = Array.sumBy (fun (x, y) -> (x - y) * (x - y)) (Array.zip a b)

[<Tests>]
let tests =
    testList
        "PaDiM and PatchCore"
        [ testProperty "the coreset is the one that a search over all points finds" (fun (seed: int) ->
              use scope = torch.NewDisposeScope()
              let random = System.Random seed
              let count, dimensions, chosen = 40 + random.Next 160, 1 + random.Next 40, 12 + random.Next 28
              // Groups of points near each other, some of them equal, far from zero.
              let centres = (randomPoints seed [| 9L; int64 dimensions |]).mul((20.0f).ToScalar())
              let groups = torch.tensor [| for _ in 1..count -> random.NextInt64 9L |]
              let places = torch.tensor [| for _ in 1..count -> random.NextInt64(int64 count) |]

              let points =
                  (centres.index_select (0L, groups) + randomPoints (seed + 1) [| int64 count; int64 dimensions |])
                      .index_select(0L, places)

              let all = rows points

              let rec choose (nearest: float[]) chosen left =
                  if left = 0 then
                      List.rev chosen
                  else
                      let next =
                          [ 0 .. count - 1 ] |> List.filter (fun i -> not (List.contains i chosen)) |> List.maxBy (fun i -> nearest[i])

                      choose (Array.mapi (fun i distance -> min distance (squared all[i] all[next])) nearest) (next :: chosen) (left - 1)

              Array.toList (GreedyCoreset.Choose(points, chosen, [| 5L |])) =
                  (choose (all |> Array.map (squared all[5])) [ 5 ] (chosen - 1) |> List.map int64))
          test "the coreset is the same on one thread and on two" {
              use _ = torch.NewDisposeScope()
              let points = randomPoints 7 [| 6000L; 8L |]
              let used = torch.get_num_threads ()

              let chosen =
                  [ for threads in 1..2 ->
                        torch.set_num_threads threads
                        GreedyCoreset.Choose(points, 3000, [| 5L |]) ]

              torch.set_num_threads used
              Expect.equal chosen[1] chosen[0] "the choice on two threads"
          }
          test "all points can be chosen, even when they are the same" {
              use points = torch.ones ([| 4L; 2L |])
              Expect.equal (GreedyCoreset.Choose(points, 4, [| 2L |]) |> Array.sort |> List.ofArray) [ 0L; 1L; 2L; 3L ] "choose points 4"
          }
          test "the choice of a coreset can be cancelled" {
              use points = randomPoints 7 [| 60L; 8L |]

              Expect.throwsT<System.OperationCanceledException>
                  (fun () -> GreedyCoreset.Choose(points, 30, [| 5L |], System.Threading.CancellationToken true) |> ignore)
                  "cancelled"
          }
          test "what is fitted again takes the place of what was fitted before, whatever its shape" {
              use kept = new FittedTensors()

              for size in [ 2L; 5L ] do
                  use value = randomPoints 5 [| size |]
                  kept.Keep("mean", value, torch.CPU)

              let shapes = [ for entry in kept.state_dict () -> entry.Key, List.ofArray entry.Value.shape ]
              Expect.equal shapes [ "mean", [ 5L ] ] "shapes of what is kept"
          }
          testList
              "a patch is as far as the nearest patch in memory"
              [ for dimensions, way in [ 5L, "searched"; 5L, "compared"; 70L, "searched" ] ->
                    test $"{dimensions} dimensions, {way}" {
                        use _ = torch.NewDisposeScope()
                        let points seed (count: int64) = (randomPoints seed [| count; dimensions |]).mul((100.0f).ToScalar())
                        let memory = points 1 40L
                        let queries = torch.cat [| points 2 30L; memory.narrow (0, 2, 3) |]
                        let nearest query = rows memory |> Array.map (fun patch -> sqrt (squared query patch)) |> Array.min
                        let search: NearestPatches | null = if way = "searched" then NearestPatches memory else null
                        let distances = PatchCoreNetwork.Nearest(queries, memory, search).data<float32>().ToArray()

                        Array.zip (rows queries |> Array.map nearest) distances
                        |> Array.iter (fun (expected, actual) ->
                            Expect.floatClose (within (1e-5 * sqrt (float dimensions))) (float actual) expected "actual")
                    } ]
          test "a Gaussian's distance is the one that mean and covariance of its position give" {
              use _ = torch.NewDisposeScope()
              let samples = randomPoints 3 [| 6L; 2L; 2L; 3L |]
              let struct (mean, precision) = PadimNetwork.Gaussians(samples, 0.01)
              let query = randomPoints 4 [| 2L; 2L; 2L; 3L |]
              let distances = PadimNetwork.Mahalanobis(query, mean, precision)
              let value (t: torch.Tensor) (n: int) c y x = t[int64 n, int64 c, int64 y, int64 x].ToSingle() |> float

              for n in 0..1 do
                  for y in 0..1 do
                      for x in 0..2 do
                          let a, b = Array.unzip [| for i in 0..5 -> value samples i 0 y x, value samples i 1 y x |]
                          let covariance u v = Array.sum (Array.map2 (fun p q -> (p - Array.average u) * (q - Array.average v)) u v) / 5.0
                          let aa, ab, bb = covariance a a + 0.01, covariance a b, covariance b b + 0.01
                          let da, db = value query n 0 y x - Array.average a, value query n 1 y x - Array.average b
                          let expected = sqrt ((bb * da * da - 2.0 * ab * da * db + aa * db * db) / (aa * bb - ab * ab))
                          let actual = distances[int64 n, int64 y, int64 x].ToSingle()
                          Expect.floatClose (within 5e-4) (float (actual: float32)) expected "actual"
          }
          test "matrices that no file has room for are refused" {
              use _ = torch.NewDisposeScope()

              let error =
                  raised<InvalidInputException>(fun () -> PadimNetwork.Gaussians(torch.zeros ([| 1L; 448L; 64L; 64L |]), 0.01) |> ignore)

              Expect.stringContains error.Message "take 3 GiB, and a model file has room for 2" "message"
          }
          testTheory
              "with fewer images than channels, too, mean and precision are those of the covariance, and distances without a matrix are those with it"
              [ 1, 0.01; 2, 0.01; 5, 0.01; 8, 0.01; 9, 0.01; 5, 1e-4 ]
              (fun (images: int, regularisation: float) ->
                  use _ = torch.NewDisposeScope()
                  let samples = randomPoints 5 [| int64 images; 8L; 3L; 1L |]
                  let query = torch.cat ([| randomPoints 6 [| 2L; 8L; 3L; 1L |]; samples |], 0L)
                  let struct (mean, basis, weights) = PadimNetwork.Spans(samples, regularisation)
                  let distances = PadimNetwork.Mahalanobis(query, mean, basis, weights, regularisation)

                  let positions (points: torch.Tensor) = points.squeeze(3).permute(2, 0, 1).``to``(torch.ScalarType.Float64)
                  let centre = (positions samples).mean([| 1L |], keepdim = true)
                  let centred = positions samples - centre
                  let scatter = centred.transpose(1, 2).matmul centred / torch.tensor (float (max 1 (images - 1)))
                  let precision = (scatter + regularisation * torch.eye (8, dtype = torch.ScalarType.Float64)).inverse()
                  let struct (_, matrix) = PadimNetwork.Gaussians(samples, regularisation)
                  Expect.isTrue (torch.allclose (mean, centre.squeeze(1).``to``(torch.ScalarType.Float32), atol = 1e-6)) "mean"

                  Expect.isTrue
                      (torch.allclose (matrix.``to`` (torch.ScalarType.Float64), precision, rtol = 1e-5, atol = 1e-5))
                      "precision"

                  let from = positions query - centre
                  let expected = (from.matmul precision * from).sum([| 2L |]).sqrt().t().unsqueeze(2)

                  Expect.isTrue
                      (torch.allclose (distances.``to`` (torch.ScalarType.Float64), expected, rtol = 1e-5, atol = 1e-5))
                      "distances") ]

// How often a defective part among six photos of good ones is named, and how often one of six good ones is, by PatchCore's held-out scores.
//
//   dotnet fsi experiments/doubtful-photos.fsx TEACHER DRAWS DATA CATEGORY [DATA CATEGORY ...]
#load "falcon.fsx"

open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness

let weights, draws = fsi.CommandLineArgs[1], int fsi.CommandLineArgs[2]
let options = PatchCoreOptions()

for pair in fsi.CommandLineArgs |> Array.skip 3 |> Array.chunkBySize 2 do
    let category = DataFolder.Detect(pair[0]).Open pair[1]

    let defective =
        [| for image in category.TestImages do
               if image.IsAnomalous then image |]

    use teacher = Teacher.Load(weights, options.Backbone, options.DeepestTap)

    let named (photos: ImageItem array) =
        let plan = CalibrationPlan.Of(options, photos)
        let heldOut = HeldOutCalibration.Run(plan, options, teacher, photos, MasterSeed 0L).Scores

        [ for finding in DoubtfulPhotos.Find(photos, heldOut, options.Preprocessing) -> finding.Where ]
        |> List.distinct

    let outcomes =
        [ for draw in 0 .. draws - 1 do
              let stream = MasterSeed(int64 draw).Stream("doubtful", category.Name)
              let good = ShotSampler.Default.For(ShotCount.Of 6).Select(category, 6, MasterSeed(int64 draw)) |> Array.ofSeq
              let bad = defective[stream.NextInt(0, defective.Length - 1)]
              let mixed = Array.append (Array.take 5 good) [| bad |]
              let found = named mixed
              List.contains bad.RelativeName found, List.length (List.except [ bad.RelativeName ] found), (named good).Length ]

    let share f = 100.0 * float (outcomes |> List.filter f |> List.length) / float draws

    printfn
        $"{category.Name}: the defective one named in {share (fun (found, _, _) -> found):F0} %%, a good one beside it in {share (fun (_, beside, _) -> beside > 0):F0} %%; of six good ones one named in {share (fun (_, _, falsely) -> falsely > 0):F0} %%"

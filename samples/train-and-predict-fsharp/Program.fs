open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Methods
open Falcon.Randomness

let teacher = Teacher.Shipped()
let detector = CalibratedTraining.Run(PatchCoreOptions(), teacher, ImageItem.In "good", MasterSeed 0L)
detector.Save "part.falcon"

for photo in detector.Predict(ImageItem.In "new") do
    let verdict = if photo.Score > detector.Threshold then "anomalous" else "good"
    printfn $"{photo.Item.RelativeName}: {photo.Score:F2} of {detector.Threshold:F2}, {verdict}"

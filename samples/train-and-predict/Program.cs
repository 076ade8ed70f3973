using Falcon.Backbones;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Methods;
using Falcon.Randomness;

using var teacher = Teacher.Shipped();
using var detector = CalibratedTraining.Run(new PatchCoreOptions(), teacher, ImageItem.In("good"), new MasterSeed(0));
detector.Save("part.falcon");
foreach (var photo in detector.Predict(ImageItem.In("new")))
    Console.WriteLine($"{photo.Item.RelativeName}: {photo.Score:F2} of {detector.Threshold:F2}, {(photo.Score > detector.Threshold ? "anomalous" : "good")}");

using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>Writes drawn photos as a data set in the MVTec AD layout, with a mask for every defect.</summary>
public static class DrawnDataSet
{
    /// <summary>Changes whenever the same options give other pixels.</summary>
    public const int Version = 3;

    private const string NoteName = "README.txt";

    /// <summary>Writes the data set, or returns at once if the folder already holds this very one. Everything is drawn into a folder beside it that takes the final name at
    /// the end, so a folder of that name is always complete; what a killed run left is drawn again.</summary>
    /// <param name="folder">The data set's folder. It must be missing, empty, or hold this data set.</param>
    /// <param name="options">What to draw.</param>
    /// <param name="progress">Told the share done, from 0 to 1; from worker threads.</param>
    /// <param name="workers">Threads to use; one per core by default. The pixels do not depend on it.</param>
    /// <param name="cancellation">Stops the drawing.</param>
    /// <exception cref="InvalidInputException">The options name no scene, or the folder holds something else or cannot be written.</exception>
    public static void Write(
        string folder, DrawnDataOptions options, IProgress<double>? progress = null, int? workers = null, CancellationToken cancellation = default)
    {
        var final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var scenes = Scenes(options);
        var note = Note(options, scenes);
        if (IsWritten(final, note))
            return;
        try
        {
            AtomicFolder.Write(final, partial =>
            {
                Draw(partial, options, scenes, progress, workers ?? Environment.ProcessorCount, cancellation);
                File.WriteAllText(Path.Join(partial, NoteName), note);
            });
        }
        catch (AggregateException several) when (several.Flatten().InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } first)
        {
            throw new InvalidInputException(first.Findings);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written ({error.Message})", final, "Free some space or choose a folder you may write to.");
        }
    }

    private static IReadOnlyList<Scene> Scenes(DrawnDataOptions options)
    {
        if (options.Categories is not { } names)
            return Scene.All;
        Finding[] unknown =
        [
            .. names.Where(name => Scene.All.All(scene => scene.Name != name)).Select(name =>
                new Finding($"there is no drawn category '{name}'", "categories", $"Choose from: {string.Join(", ", Scene.All.Select(s => s.Name))}.")),
        ];
        return unknown.Length == 0 ? [.. Scene.All.Where(scene => names.Contains(scene.Name))] : throw new InvalidInputException(unknown);
    }

    private static bool IsWritten(string folder, string note)
    {
        if (File.Exists(Path.Join(folder, NoteName)) && File.ReadAllText(Path.Join(folder, NoteName)) == note)
            return true;
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidInputException("the folder holds something other than this data set", folder, "Remove it, or choose another folder.");
        return false;
    }

    private static void Draw(
        string root, DrawnDataOptions options, IReadOnlyList<Scene> scenes, IProgress<double>? progress, int workers, CancellationToken cancellation)
    {
        var photos = scenes.SelectMany(scene => Photos(scene, options)).ToArray();
        foreach (var photo in photos)
            photo.MakeFolders(root);
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };
        Parallel.ForEach(photos, parallel, photo =>
        {
            photo.Write(root, new MasterSeed(options.Seed), options.Size);
            progress?.Report(Interlocked.Increment(ref done) / (double)photos.Length);
        });
    }

    private static IEnumerable<Photo> Photos(Scene scene, DrawnDataOptions options)
    {
        IEnumerable<Photo> Of(string folder, string? defect, int count) =>
            Enumerable.Range(0, count).Select(number => new Photo(scene, $"{folder}/{number:000}", defect));
        return
        [
            .. Of("train/good", null, options.TrainCount),
            .. Of("test/good", null, options.TestGoodCount),
            .. scene.DefectNames.SelectMany(defect => Of($"test/{defect}", defect, options.TestDefectCount)),
        ];
    }

    private static string Note(DrawnDataOptions options, IReadOnlyList<Scene> scenes) => $"""
        Photos of parts that do not exist, drawn by Falcon (drawing version {Version}).

        Layout: CATEGORY/train/good, CATEGORY/test/good, CATEGORY/test/DEFECT, CATEGORY/ground_truth/DEFECT/NAME_mask.png
        Seed: {options.Seed}
        Size: {options.Size} x {options.Size}
        Images per category: {options.TrainCount} good for training, {options.TestGoodCount} good for testing, {options.TestDefectCount} of every defect
        {string.Join("\n", scenes.Select(scene => $"{scene.Name}: {string.Join(", ", scene.DefectNames)}"))}

        Licence: CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/). Do with them what you like.

        """;

    /// <summary>One image file to draw, with its mask if it shows a defect.</summary>
    private sealed record Photo(Scene Scene, string Part, string? Defect)
    {
        private string MaskPart => $"ground_truth{Part["test".Length..]}_mask";

        public void MakeFolders(string root)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath(root, Part))!);
            if (Defect is not null)
                Directory.CreateDirectory(Path.GetDirectoryName(FilePath(root, MaskPart))!);
        }

        public void Write(string root, MasterSeed seed, int size)
        {
            var image = Scene.Draw(seed, Part, Defect, size);
            ImageFile.WritePng(FilePath(root, Part), image.Picture);
            if (image.Mask is not null)
                ImageFile.WritePng(FilePath(root, MaskPart), image.Mask);
        }

        private string FilePath(string root, string part) => Path.Join(root, Scene.Name, part + ".png");
    }
}

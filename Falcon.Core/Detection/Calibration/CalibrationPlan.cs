using System.Globalization;
using Falcon.Data;
using Falcon.Methods;

namespace Falcon.Detection;

/// <summary>What a calibration does before the model is trained on all photos.</summary>
/// <param name="Way">How photos are held out.</param>
/// <param name="Photos">The different photos of good parts.</param>
/// <param name="Trainings">Models that are trained, each like the final one but on fewer photos, and thrown away.</param>
public sealed record CalibrationPlan(CalibrationWay Way, int Photos, int Trainings)
{
    /// <summary>Folds of a method that takes steps, and of one that does not when leaving out each photo would take long.</summary>
    private const int FoldsOfTraining = 2, FoldsOfFit = 5, MostFits = 10;

    /// <summary>The plan of a method: photos are left out one by one where training takes no steps, else in two halves, so that calibrating costs no more than training:
    /// shorter trainings score far too high. One photo alone leaves only its views.</summary>
    /// <param name="options">The method.</param>
    /// <param name="images">The good photos, at least one; one that occurs twice is held out once.</param>
    /// <param name="way">Null for what suits the method.</param>
    /// <exception cref="InvalidInputException">There is one photo, and it shall be held out.</exception>
    public static CalibrationPlan Of(MethodOptions options, IReadOnlyList<ImageItem> images, CalibrationWay? way = null)
    {
        var photos = images.Select(image => image.Path).Distinct().Count();
        var steps = options.Plan.TakesSteps;
        way ??= photos == 1 ? CalibrationWay.Views : !steps && photos <= MostFits ? CalibrationWay.LeaveOneOut : CalibrationWay.Folds;
        if (photos == 1 && way is CalibrationWay.LeaveOneOut or CalibrationWay.Folds)
            throw new InvalidInputException("one photo cannot be held out of itself", "--calibration", "Give more photos, or use views.");
        return new(way.Value, photos, way switch
        {
            CalibrationWay.LeaveOneOut => photos,
            CalibrationWay.Folds => Math.Min(photos, steps ? FoldsOfTraining : FoldsOfFit),
            _ => 0,
        });
    }

    /// <summary>How often images are used in all trainings, that of the final model and of what it builds on included, repeats counted.</summary>
    /// <param name="options">The method.</param>
    /// <param name="inputs">How many inputs each photo becomes; null for one each.</param>
    public long ImagesSeen(MethodOptions options, IReadOnlyList<int>? inputs = null) => OfOne(options, inputs, _ => true) + HoldingOut(options, inputs);

    /// <summary>Whether the scores need the final model: it gives them itself, or they are brought to its scale.</summary>
    /// <param name="options">The method.</param>
    public bool ReadsFinalModel(MethodOptions options) => Trainings == 0 || options.ScoresFallWithPhotos;

    /// <summary>The fold of each photo, from 0; photos are dealt in turn.</summary>
    public int FoldOf(int photo) => photo % Trainings;

    /// <summary>How often images are used in the training that one fold is scored by.</summary>
    internal long ImagesWithout(int fold, MethodOptions options) => OfOne(options, null, photo => FoldOf(photo) != fold);

    /// <summary>What is done and what it costs, in words.</summary>
    public string Describe(MethodOptions options)
    {
        var cost = OfOne(options, null, _ => true) is > 0 and var training
            ? string.Create(CultureInfo.InvariantCulture, $", {(double)HoldingOut(options, null) / training:0.#} times the images of the training itself")
            : "";
        return Way switch
        {
            CalibrationWay.LeaveOneOut => $"each of {Photos} photos is held out in turn: {Trainings} trainings beforehand{cost}",
            CalibrationWay.Folds => $"{Photos} photos are held out in {Trainings} folds: {Trainings} trainings beforehand{cost}",
            CalibrationWay.Views => Photos == 1 ? "one photo, seen in changed views" : $"{Photos} photos, seen in changed views",
            _ => "no photo is held out",
        };
    }

    private long HoldingOut(MethodOptions options, IReadOnlyList<int>? inputs) =>
        Enumerable.Range(0, Trainings).Sum(fold => OfOne(options, inputs, photo => FoldOf(photo) != fold));

    /// <summary>The images of one training, and of those that it builds on.</summary>
    private long OfOne(MethodOptions options, IReadOnlyList<int>? inputs, Func<int, bool> isSeen)
    {
        var images = Enumerable.Range(0, Photos).Where(isSeen).Sum(photo => inputs?[photo] ?? 1);
        return options.Plan.ImagesSeen(images) + (options.Foundation is { LearnsFromDefects: false } first ? OfOne(first, inputs, isSeen) : 0);
    }
}

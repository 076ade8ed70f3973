using System.Globalization;
using System.Text.Json.Nodes;
using Falcon.Methods;

namespace Falcon.Detection;

/// <summary>What a calibration does before the model is trained on all photos.</summary>
/// <param name="Way">How photos are held out.</param>
/// <param name="Photos">The photos of good parts.</param>
/// <param name="Trainings">Models that are trained and thrown away.</param>
/// <param name="StepShare">The share of the method's passes that each of them takes, in (0, 1].</param>
public sealed record CalibrationPlan(CalibrationWay Way, int Photos, int Trainings, double StepShare)
{
    /// <summary>Folds of a method that takes steps, and of one that does not when leaving out each photo would take long.</summary>
    private const int FoldsOfTraining = 2, FoldsOfFit = 5, MostFits = 10;

    /// <summary>The plan of a method: photos are left out one by one where training takes no steps, else in two halves, each trained for half of the passes, so that
    /// calibrating costs no more than training. One photo alone leaves only its views.</summary>
    /// <param name="options">The method.</param>
    /// <param name="photos">The number of good photos, at least 1.</param>
    /// <param name="way">Null for what suits the method.</param>
    public static CalibrationPlan Of(MethodOptions options, int photos, CalibrationWay? way = null)
    {
        var steps = options.Plan.TakesSteps;
        way ??= photos == 1 ? CalibrationWay.Views : !steps && photos <= MostFits ? CalibrationWay.LeaveOneOut : CalibrationWay.Folds;
        if (photos == 1 && way is CalibrationWay.LeaveOneOut or CalibrationWay.Folds)
            throw new InvalidInputException("one photo cannot be held out of itself", $"--calibration {way}", "Give more photos, or use views.");
        var trainings = way switch
        {
            CalibrationWay.LeaveOneOut => photos,
            CalibrationWay.Folds => Math.Min(photos, steps ? FoldsOfTraining : FoldsOfFit),
            _ => 0,
        };
        return new(way.Value, photos, trainings, steps && trainings > 0 ? 1.0 / trainings : 1);
    }

    /// <summary>How often images are used in all trainings, that of the final model and of what it builds on included, repeats counted.</summary>
    /// <param name="options">The method.</param>
    /// <param name="inputs">How many inputs each photo becomes; null for one each.</param>
    public long ImagesSeen(MethodOptions options, IReadOnlyList<int>? inputs = null)
    {
        var all = Seen(options, _ => true);
        var folds = Enumerable.Range(0, Trainings).Sum(fold => Seen(Shortened(options), photo => FoldOf(photo) != fold));
        return all + folds;

        long Seen(MethodOptions method, Func<int, bool> isSeen)
        {
            var images = Enumerable.Range(0, Photos).Where(isSeen).Sum(photo => inputs?[photo] ?? 1);
            return Chain(method).Sum(part => part.Plan.ImagesSeen(images));
        }

        static IEnumerable<MethodOptions> Chain(MethodOptions method) =>
            method.Foundation is { LearnsFromDefects: false } first ? [.. Chain(first), method] : [method];
    }

    /// <summary>The method with the share of its passes, or of its steps where it counts these; at least one.</summary>
    internal MethodOptions Shortened(MethodOptions options)
    {
        if (StepShare == 1)
            return options;
        var (name, all) = options.Plan.Steps is { } steps ? ("steps", steps) : ("epochs", options.Plan.Epochs);
        return MethodJson.Set(options, name, JsonValue.Create(Math.Max(1, (long)Math.Round(all * StepShare))));
    }

    /// <summary>The fold of each photo, from 0; photos are dealt in turn.</summary>
    public int FoldOf(int photo) => photo % Trainings;

    /// <summary>What it costs, in words.</summary>
    public override string ToString() => Way switch
    {
        CalibrationWay.LeaveOneOut => $"each of {Photos} photos is held out in turn: {Trainings} trainings{Shorter}",
        CalibrationWay.Folds => $"{Photos} photos are held out in {Trainings} folds: {Trainings} trainings{Shorter}",
        CalibrationWay.Views => Photos == 1 ? "one photo, seen in changed views" : $"{Photos} photos, seen in changed views",
        _ => "no photo is held out",
    };

    private string Shorter => StepShare < 1 ? string.Create(CultureInfo.InvariantCulture, $" of {StepShare:P0} of the passes") : "";
}

using Falcon.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of projections, bottleneck and student together, by two optimisers (specification, section 5).</summary>
internal sealed class ReverseDistillationPlusTraining : DistillationTraining
{
    private readonly ReverseDistillationPlusOptions _options;
    private readonly ReverseDistillationPlusNetwork _network;
    private readonly TrainingImages _images;
    private readonly ITrainingDraws _draws;
    private readonly AdamOptimiser _restoring, _projecting;

    public ReverseDistillationPlusTraining(
        ReverseDistillationPlusOptions options, ReverseDistillationPlusNetwork network, TrainingImages images, ITrainingDraws draws)
        : this(options, network, images, draws, Optimiser(options, images, [.. network.Student.parameters(), .. network.Bottleneck.parameters()]))
    {
    }

    private ReverseDistillationPlusTraining(
        ReverseDistillationPlusOptions options, ReverseDistillationPlusNetwork network, TrainingImages images, ITrainingDraws draws, AdamOptimiser restoring)
        : base(options, restoring)
    {
        (_options, _network, _images, _draws, _restoring) = (options, network, images, draws, restoring);
        _projecting = Optimiser(options, images, network.Projections.parameters());
    }

    public override IReadOnlyList<Optimiser> Optimisers => [_restoring, _projecting];

    public override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock)
    {
        foreach (var optimiser in Optimisers.OfType<AccumulatingAdam>())
            optimiser.NextUpdate = _options.UpdateAfter(moment);
        _projecting.ZeroGradients();
        var losses = base.Step(moment, batch, clock);
        // Both follow one schedule, which the step has set for the other.
        (_projecting.LearningRate, _projecting.Beta1) =
            (_options.ProjectionLearningRate * (_restoring.LearningRate / _options.LearningRate), _restoring.Beta1);
        using (clock.Time("optimiser"))
            _projecting.Step();
        return losses;
    }

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var teacher = ReverseDistillationPlusNetwork.Layers(_images.Batch(batch).Features);
        var noised = ReverseDistillationPlusNetwork.Layers(_draws.Noised(moment, batch));
        var projected = _network.Project(teacher);
        var reconstruction = Sum(_network.Project(noised).Zip(projected, ProjectionLosses.Reconstruction));
        var contrast = Sum(noised.Zip(projected, ProjectionLosses.Contrast));
        var projection = reconstruction * _options.ReconstructionWeight + contrast * _options.ContrastWeight;
        var transport = zeros_like(projection);
        if (_options.OptimalTransport != OptimalTransport.None)
        {
            var partners = _draws.Partners(moment, batch);
            transport = Sum(projected.Select(layer => ProjectionLosses.Transport(layer, partners, _options.OptimalTransport)));
            projection += transport;
        }
        projection /= 1 + _options.ReconstructionWeight + _options.ContrastWeight;
        var distillation = Sum(teacher.Zip(_network.Restore(projected), ProjectionLosses.Distillation));
        return
        [
            (Loss, distillation + projection * _options.ProjectionWeight), ("projection", projection), ("distillation", distillation),
            ("reconstruction", reconstruction), ("contrast", contrast), ("transport", transport),
        ];
    }

    public override void Dispose()
    {
        base.Dispose();
        _projecting.Dispose();
        _draws.Dispose();
    }

    private static Tensor Sum(IEnumerable<Tensor> layers) => stack(layers).sum();

    private static AdamOptimiser Optimiser(ReverseDistillationPlusOptions options, TrainingImages images, IEnumerable<Parameter> parameters)
    {
        var batches = options.Plan.StepsPerEpoch(images.Split.Training.Count);
        var accumulation = options.BatchesOfStep(batches);
        if (options.BatchCounting == BatchCounting.PerEpoch && accumulation > batches)
            throw new InvalidInputException(
                $"a pass over the images has {batches} batches, fewer than the {accumulation} of a step: no step would ever be taken", "RD++ option BatchCounting",
                "Leave it away, or set accumulation=1 or a smaller batchSize.");
        return accumulation == 1 ? Adam(options, parameters) : new AccumulatingAdam(options, parameters);
    }
}

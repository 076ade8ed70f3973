using Falcon.Backbones;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>PCSNet's training: prototypes first, then descriptor, radius and segmentation together (specification, section 5).</summary>
internal sealed class PcsNetTraining : DistillationTraining
{
    private readonly PcsNetOptions _options;
    private readonly PcsNetNetwork _network;
    private readonly TrainingImages _images;
    private readonly PastedViewSource _views;
    private readonly List<Adapted> _adapted = [];

    public PcsNetTraining(PcsNetOptions options, PcsNetNetwork network, TrainingImages images, PastedViewSource views)
        : base(options, (Amsgrad(options, network.Adaptor), 1), (Amsgrad(options, network.Segmentation), options.SegmentationLearningRate / options.LearningRate)) =>
        (_options, _network, _images, _views) = (options, network, images, views);

    public override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock)
    {
        if (moment.StepOfEpoch == 0 && moment.Epoch % (_options.PrototypeEpochs ?? int.MaxValue) == 0)
            MakePrototypes();
        return base.Step(moment, batch, clock);
    }

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        // A single image is seen twice: a batch needs a good one and one with a patch.
        int[] images = batch.Length == 1 ? [batch[0], batch[0]] : [.. batch];
        var view = _views(moment, images, _network.Segmentation.training ? _network.Channels : null);
        var (good, pasted) = (PcsNetNetwork.Levels(_images.Batch(images).Features), PcsNetNetwork.Levels(view.Pasted));
        bool[] replaced = [.. images.Select((_, i) => view.Replaced.Contains(i))];
        _adapted.Clear();
        var ofGood = Adapt(good, image => !_options.Rotating && !replaced[image]);
        var ofPasted = Adapt(pasted, image => !_options.Rotating && replaced[image]);
        var ofMix = _options.Rotating ? Adapt([.. good.Zip(pasted, (a, b) => Mix(a, b, replaced))], _ => true) : ofGood.Mix(ofPasted, replaced);

        var radius = _network.Adaptor.Radius;
        var near = PcsNetLosses.Good(ofGood.Nearest(PcsNetLosses.Neighbours), radius);
        var far = _options.AnomalyNeighbours == AnomalyNeighbours.Columns
            ? PcsNetLosses.PastedOf(_network.Adaptor.SmallestOfRows(ofPasted.Description, view.GridMask), radius, _options.Margin)
            : PcsNetLosses.Pasted(ofPasted.Nearest(PcsNetLosses.Neighbours), view.GridMask, radius, _options.Margin);
        var nearest = ofMix.Nearest(_network.Neighbours);
        var disparity = PcsNetLosses.Disparity(PcsNetLosses.Scores(nearest), HavePatches(view.Mask, replaced));
        var map = _network.Segment(ofMix.Description, nearest, view.Keep);
        var segmentation = (map - Mix(zeros_like(view.Mask), view.Mask, replaced).squeeze(1)).square().mean();
        var loss = near + far + _options.DisparityWeight * disparity + _options.SegmentationWeight * segmentation;
        return [(Loss, loss), ("near", near), ("far", far), ("disparity", disparity), ("segmentation", segmentation)];
    }

    /// <summary>Images of a batch, some of them replaced.</summary>
    public static Tensor Mix(Tensor good, Tensor pasted, bool[] replaced) =>
        cat([.. replaced.Select((isReplaced, i) => (isReplaced ? pasted : good).narrow(0, i, 1))]);

    private static AdamOptimiser Amsgrad(PcsNetOptions options, nn.Module module) =>
        new(module.parameters(), options.Beta1, options.Beta2, options.WeightDecay, amsgrad: true);

    /// <summary>An image without a patch is a good one.</summary>
    private static bool[] HavePatches(Tensor mask, bool[] replaced)
    {
        var any = mask.flatten(1).sum([1]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return [.. replaced.Select((isReplaced, i) => isReplaced && any[i] > 0)];
    }

    /// <inheritdoc/>
    protected override void Backward(Tensor loss)
    {
        loss.backward();
        foreach (var each in _adapted)
            each.Backward(_network.Adaptor);
        _adapted.Clear();
    }

    /// <param name="levels">What the descriptor reads.</param>
    /// <param name="isSegmented">Which images the segmentation sees: the others need the distances only that are learned.</param>
    private Adapted Adapt(IReadOnlyList<Tensor> levels, Func<int, bool> isSegmented)
    {
        var adapted = Adapted.Of(_network.Adaptor, levels, image => isSegmented(image) ? _network.Neighbours : PcsNetLosses.Neighbours);
        _adapted.Add(adapted);
        return adapted;
    }

    private void MakePrototypes()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var training = _network.Adaptor.training;
        _network.Adaptor.train();
        using var batchNorms = _options.PrototypeStatistics == PrototypeStatistics.Batch ? TrainableTeacher() : null;
        _network.Adaptor.Fit(_images.Split.Training.Chunk(_options.BatchSize).Select(batch =>
        {
            var input = _images.Batch(batch);
            return PcsNetNetwork.Levels(batchNorms is null ? input.Features : new(PcsNetOptions.Taps, batchNorms.call(input.Pixels!, PcsNetOptions.Taps)));
        }));
        _network.Adaptor.train(training);
    }

    /// <summary>The teacher with batch norms that compute with each batch's statistics.</summary>
    private ResNet TrainableTeacher()
    {
        var network = new ResNet(_network.Teacher.Architecture, BackboneTap.Layer3);
        if (!_network.Teacher.Start(network))
            throw new InvalidInputException(
                "the teacher's batch norms are not known any more", nameof(PcsNetOptions.PrototypeStatistics), "Give the teacher's own weights, or leave it at Running.");
        Engine.Placement.Place(network, _network.Teacher.Device);
        network.train();
        return network;
    }
}

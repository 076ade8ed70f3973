using Falcon.Backbones;
using Falcon.Engine;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The networks of one method: a frozen teacher and the modules that were, or will be, trained.</summary>
/// <param name="teacher">The frozen teacher; it is not disposed with the network.</param>
/// <param name="needs">What <see cref="Map(NetworkInput)"/> reads.</param>
public abstract class AnomalyNetwork(Teacher teacher, InputNeeds needs) : TrainableNetwork
{
    /// <summary>The frozen teacher.</summary>
    public Teacher Teacher { get; } = teacher;

    /// <summary>What <see cref="Map(NetworkInput)"/> reads of each image.</summary>
    public InputNeeds Needs { get; } = needs;

    /// <summary>The anomaly map of each image, in evaluation mode and without gradients.</summary>
    /// <param name="input">What <see cref="Needs"/> names, on the teacher's device.</param>
    /// <returns>(N, h, w) float32 at the method's own resolution; higher is more anomalous.</returns>
    public abstract Tensor Map(NetworkInput input);

    /// <summary>The anomaly maps, and the images' scores where the method defines them otherwise than by its map (<see cref="ImageScoreReducer.Own"/>).</summary>
    /// <param name="input">As <see cref="Map(NetworkInput)"/>.</param>
    /// <returns>The maps; one score per image, or null.</returns>
    public virtual (Tensor Maps, double[]? Scores) Detect(NetworkInput input) => (Map(input), null);

    /// <summary>What <see cref="Detect"/> computes of one image, as operations of a graph.</summary>
    /// <param name="input">What <see cref="Needs"/> names, in the graph.</param>
    /// <exception cref="InvalidInputException">It cannot be written so; the reason is named.</exception>
    internal virtual OnnxDetection Export(OnnxInput input) =>
        throw NotExported("its network does not say how it is written as ONNX", "Predict with Falcon itself.");

    /// <summary>Why this network cannot be written as ONNX.</summary>
    private protected InvalidInputException NotExported(string why, string fix) => new(why, $"{GetType().Name} as ONNX", fix);

    /// <summary>Takes over what the method's <see cref="MethodOptions.Foundation"/> has learnt, before training. What is needed of it later belongs to
    /// <see cref="TrainableNetwork.Parts"/>: a saved network stands alone.</summary>
    /// <param name="foundation">The trained network of the foundation; it stays the caller's.</param>
    public virtual void BuildOn(AnomalyNetwork foundation) => throw new InvalidOperationException($"{GetType().Name} builds on nothing.");

    /// <summary>Prepares the training of this network: computes what stays constant over all steps.</summary>
    /// <param name="images">The normal images with what <see cref="MethodOptions.TrainingNeeds"/> names, on the network's device.</param>
    /// <param name="seed">The master seed; every draw of the training comes from its named streams.</param>
    public abstract TrainingRun StartTraining(TrainingImages images, MasterSeed seed);

    /// <summary>As above, of a method that <see cref="MethodOptions.LearnsFromDefects"/>.</summary>
    /// <param name="images">The auxiliary data set.</param>
    /// <param name="seed">The master seed; every draw of the training comes from its named streams.</param>
    public virtual TrainingRun StartTraining(AuxiliaryImages images, MasterSeed seed) =>
        throw new InvalidOperationException($"{GetType().Name} learns from normal images alone.");

    /// <summary>Whether further good images can join what this network has learnt by themselves (<see cref="Absorb"/>). Where they cannot, it trains on, with all images
    /// (<see cref="LearnFurther"/>).</summary>
    public virtual bool Absorbs => false;

    /// <summary>Takes further good images into what has been learnt, without those that it was learnt from.</summary>
    /// <param name="images">The further images alone, with what <see cref="MethodOptions.TrainingNeeds"/> names, on the network's device.</param>
    public virtual void Absorb(TrainingImages images) => throw new InvalidOperationException($"{GetType().Name} learns by training.");

    /// <summary>The anomaly map of each image; the teacher runs as deep as the method needs.</summary>
    /// <param name="images">(N, 3, H, W) float32, normalised as the method's preprocessing says, on any device.</param>
    /// <returns>(N, h, w) float32 at the method's own resolution; higher is more anomalous.</returns>
    public Tensor Map(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = Needs.Taps.Count == 0 ? [] : Teacher.Features(images, Needs.Taps);
        return Map(new NetworkInput(images.PlacedOn(Teacher.Device), new(Needs.Taps, features))).MoveToOuterDisposeScope();
    }

    /// <summary>Trains this network in place and leaves it in evaluation mode; see <see cref="Trainer.Train"/>.</summary>
    /// <param name="plan">The <see cref="MethodOptions.Plan"/> of the options that made this network.</param>
    /// <param name="images">The normal images; they stay the caller's.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="checkpoint">Continues an interrupted training; null to start anew.</param>
    /// <param name="progress">Told at the start and after each epoch.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <returns>The mean losses of each epoch, in order.</returns>
    public IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Learn(
        TrainingPlan plan, TrainingImages images, MasterSeed seed, TrainingCheckpoint? checkpoint = null, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Trainer.Train(plan, this, images.Count, split => StartTraining(images with { Split = split }, seed), seed, checkpoint, progress, cancellation);

    /// <summary>As above, from the defects of an auxiliary data set.</summary>
    internal IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Learn(
        TrainingPlan plan, AuxiliaryImages images, MasterSeed seed, TrainingCheckpoint? checkpoint = null, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Trainer.Train(plan, this, images.Count, _ => StartTraining(images, seed), seed, checkpoint, progress, cancellation);

    /// <summary>Trains on from the present weights and leaves the network in evaluation mode. What a training draws or measures before its first step gives way to what has been
    /// learnt.</summary>
    /// <param name="plan">A short training: <see cref="TrainingPlan.Share"/> of the method's.</param>
    /// <param name="images">All normal images, those that have been learnt and further ones; they stay the caller's.</param>
    /// <param name="seed">Another one than that of the training before: its draws shall be others.</param>
    /// <param name="progress">Told at the start and after each epoch.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <returns>The mean losses of each epoch, in order.</returns>
    public IReadOnlyList<IReadOnlyList<(string Name, double Value)>> LearnFurther(
        TrainingPlan plan, TrainingImages images, MasterSeed seed, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        Trainer.Train(plan, this, images.Count, split =>
        {
            using var learnt = WeightSelection.Present(this);
            var run = StartTraining(images with { Split = split }, seed);
            learnt.Restore();
            return run;
        }, seed, null, progress, cancellation);

    /// <summary>Computes what follows from weights that were trained elsewhere; otherwise as <see cref="Learn(TrainingPlan, TrainingImages, MasterSeed, TrainingCheckpoint, IProgress{TrainingProgress}, CancellationToken)"/>.</summary>
    internal void Finish(TrainingPlan plan, TrainingImages images, MasterSeed seed, CancellationToken cancellation) =>
        Trainer.Finish(plan, this, images.Count, split => StartTraining(images with { Split = split }, seed), seed, cancellation);
}

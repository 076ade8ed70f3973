using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation share: an affine map and running statistics, both optional.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    /// <param name="momentum">Weight of the new statistics in the running ones; null for the plain mean over all batches.</param>
    protected NormBase(
        long num_features,
        double eps,
        double? momentum,
        bool affine,
        bool track_running_stats,
        Device? device,
        ScalarType? dtype,
        string name)
        : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(ones(num_features, dtype, device));
            bias = new Parameter(zeros(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }
    }

    public long num_features { get; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter? weight
    {
        get => ParameterOrNull(nameof(weight));
        set => SetParameter(nameof(weight), value);
    }

    public Parameter? bias
    {
        get => ParameterOrNull(nameof(bias));
        set => SetParameter(nameof(bias), value);
    }

    public Tensor? running_mean
    {
        get => BufferOrNull(nameof(running_mean));
        set => SetBuffer(nameof(running_mean), value);
    }

    public Tensor? running_var
    {
        get => BufferOrNull(nameof(running_var));
        set => SetBuffer(nameof(running_var), value);
    }

    public Tensor? num_batches_tracked
    {
        get => BufferOrNull(nameof(num_batches_tracked));
        set => SetBuffer(nameof(num_batches_tracked), value);
    }

    public void reset_running_stats()
    {
        running_mean?.zero_();
        running_var?.fill_(1);
        num_batches_tracked?.zero_();
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine)
            return;
        nn.init.ones_(weight!);
        nn.init.zeros_(bias!);
    }

    /// <summary>Counts a training batch and gives the weight that its statistics have in the running ones.</summary>
    private protected double NextMomentum()
    {
        if (!training || num_batches_tracked is not { } counted)
            return momentum ?? 0;
        counted.add_(1);
        return momentum ?? 1.0 / counted.item<long>();
    }
}

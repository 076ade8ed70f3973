using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share. Weights are initialised as PyTorch initialises them.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private protected Convolution(
        string name,
        long in_channels,
        long out_channels,
        long[] kernel_size,
        long[] stride,
        long[] padding,
        Padding? padding_type,
        long[] dilation,
        long[] output_padding,
        PaddingModes padding_mode,
        long groups,
        bool bias,
        bool transposed,
        Device? device,
        ScalarType? dtype)
        : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {in_channels} input and {out_channels} output channels.", nameof(groups));
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Transposed convolutions are padded with zeros only.", nameof(padding_mode));
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.padding = padding;
        this.padding_type = padding_type;
        this.dilation = dilation;
        this.output_padding = output_padding;
        this.padding_mode = padding_mode;
        this.groups = groups;
        this.transposed = transposed;
        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = new Parameter(empty([.. channels, .. kernel_size], dtype, device));
        if (bias)
            this.bias = new Parameter(empty(out_channels, dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] padding { get; }

    public Padding? padding_type { get; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

    public PaddingModes padding_mode { get; set; }

    public long groups { get; set; }

    public bool transposed { get; }

    /// <summary>(out, in / groups, …), or (in, out / groups, …) if transposed.</summary>
    public Parameter weight
    {
        get => ParameterOrNull(nameof(weight))!;
        set => SetParameter(nameof(weight), value);
    }

    public Parameter? bias
    {
        get => ParameterOrNull(nameof(bias));
        set => SetParameter(nameof(bias), value);
    }

    /// <summary>Draws weight and bias anew.</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
        if (bias is null)
            return;
        var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(weight).Item1);
        nn.init.uniform_(bias, -bound, bound);
    }
}

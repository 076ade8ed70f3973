using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The numbers of a step of Adam (<c>struct AdamStep</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeAdamStep
{
    internal double Rate;
    internal double Beta1;
    internal double Beta2;
    internal double Epsilon;
    internal double WeightDecay;
    internal long Number;
    internal byte Decoupled;
    internal byte Maximize;
}

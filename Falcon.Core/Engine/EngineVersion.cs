using System.Reflection;
using TorchSharp;

namespace Falcon.Engine;

/// <summary>Which libraries compute with tensors. Asking for it loads none of them.</summary>
public static class EngineVersion
{
    /// <summary>TorchSharp's version.</summary>
    public static string TorchSharp { get; } =
        typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The version of libtorch that Falcon was built with.</summary>
    public static string LibTorch { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "LibTorch").Value!;

    /// <summary>Both, for keys and records: other versions may give other bits.</summary>
    public static string Text { get; } = $"TorchSharp {TorchSharp}, libtorch {LibTorch}";
}

using Falcon.Backbones;

namespace Falcon.Parity;

/// <summary>Teachers filled by the fixtures' weight rule, prefix <c>teacher.</c>.</summary>
internal static class ParityTeacher
{
    /// <summary>ResNet-18 up to layer3.</summary>
    public static Teacher ResNet18()
    {
        using var network = new ResNet(BackboneCatalog.Find("resnet18"), BackboneTap.Layer3);
        ParityWeights.Fill(network, "teacher.");
        return Teacher.Of(network, "parity rule");
    }
}

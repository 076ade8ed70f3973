using Falcon.Backbones;

namespace Falcon.Parity;

/// <summary>Teachers filled by the fixtures' weight rule, prefix <c>teacher.</c>.</summary>
internal static class ParityTeacher
{
    /// <summary>ResNet-18 up to layer3.</summary>
    public static Teacher ResNet18() => Of("resnet18", "teacher.");

    /// <summary>A residual network.</summary>
    /// <param name="backbone">A name of <see cref="BackboneCatalog"/>.</param>
    /// <param name="prefix">What stands before torchvision's names in the weight rule's keys.</param>
    /// <param name="deepest">The deepest tap it will be asked for.</param>
    public static Teacher Of(string backbone, string prefix, BackboneTap deepest = BackboneTap.Layer3)
    {
        using var network = new ResNet(BackboneCatalog.Find(backbone), deepest);
        ParityWeights.Fill(network, prefix);
        return Teacher.Of(network, "parity rule");
    }
}

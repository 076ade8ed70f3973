using System.Reflection;

namespace Falcon.Torch.Tests;

public class SurfaceTests
{
    // Interfaces of the base library that TorchSharp's types implement too need members that its listing leaves out.
    private static readonly string[] OfTheBaseLibrary = ["string ToString()", "bool Equals(object obj)", "int GetHashCode()"];

    [Fact(DisplayName = "everything public is public in TorchSharp, with the same parameters and defaults")]
    public void Subset()
    {
        var listed = PublicSurface.Read(SharedFiles.Require("torchsharp-api.txt"));
        var strangers = new List<string>();
        foreach (var type in typeof(torch).Assembly.GetExportedTypes())
        {
            var name = PublicSurface.NameOf(type);
            if (!listed.ContainsKey(name))
            {
                strangers.Add($"type {name}");
                continue;
            }
            var allowed = Ancestors(type).Select(PublicSurface.NameOf).Where(listed.ContainsKey).SelectMany(ancestor => listed[ancestor]).ToHashSet();
            allowed.UnionWith(OfTheBaseLibrary);
            strangers.AddRange(PublicSurface.MembersOf(type).Where(member => !allowed.Contains(member)).Select(member => $"{name}: {member}"));
        }
        Assert.True(strangers.Count == 0, $"{strangers.Count} not in TorchSharp:\n{string.Join("\n", strangers)}");
    }

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor.IsGenericType ? ancestor.GetGenericTypeDefinition() : ancestor;
    }
}

using System.Reflection;

namespace Falcon.Methods;

/// <summary>The methods that there are: every type of <see cref="MethodOptions"/> with a public constructor without parameters, in this assembly and in all loaded
/// ones that refer to it. Nobody registers a method anywhere.</summary>
public static class MethodCatalog
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Assembly> Seen = [];
    private static readonly Dictionary<string, MethodOptions> Known = [];
    private static int _looked;

    /// <summary>The published settings of all methods, by name.</summary>
    /// <exception cref="InvalidInputException">Two methods have one name.</exception>
    public static IReadOnlyList<MethodOptions> All
    {
        get
        {
            lock (Gate)
            {
                Look();
                return [.. Known.Values.OrderBy(options => options.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The published settings of a method.</summary>
    /// <param name="name">Its name, for example <c>stpm</c>.</param>
    /// <exception cref="InvalidInputException">There is none of this name, or two methods have one name.</exception>
    public static MethodOptions Find(string name)
    {
        lock (Gate)
        {
            Look();
            return Known.GetValueOrDefault(name) ?? throw new InvalidInputException(
                "there is no such method", name,
                $"Use one of {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}; a method of an assembly or script of your own must be loaded first.");
        }
    }

    private static void Look()
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Length;
        if (loaded == _looked)
            return;
        _looked = loaded;
        foreach (var assembly in Extensions.Assemblies(withCore: true).Where(Seen.Add))
            foreach (var type in Extensions.Types<MethodOptions>(assembly))
                Add((MethodOptions)Activator.CreateInstance(type)!);
    }

    /// <summary>A script that is evaluated again defines its methods anew, in another assembly that has no file.</summary>
    private static void Add(MethodOptions options)
    {
        if (!options.Detects)
            return;
        if (Known.GetValueOrDefault(options.Name) is { } other && options.GetType().Assembly.Location.Length > 0)
            throw new InvalidInputException(
                $"two methods are called '{options.Name}'", $"{other.GetType()} and {options.GetType()}", "Give one of them another name.");
        Known[options.Name] = options;
    }
}

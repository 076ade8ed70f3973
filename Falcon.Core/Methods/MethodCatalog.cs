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

    /// <summary>Why options cannot be used in a study or a model file, although they may be used alone: no other program could read them back; null when they can.</summary>
    /// <param name="options">The options of any method.</param>
    public static Finding? WhyUnusable(MethodOptions options)
    {
        var type = options.GetType();
        if (type.GetConstructor(Type.EmptyTypes) is null)
            return new("has no public constructor without parameters", $"method {type.Name}", "Give it one, which makes the published settings.");
        try
        {
            return Find(options.Name).GetType() == type ? null : new($"'{options.Name}' is the name of another method", $"method {type.Name}", "Give it another name.");
        }
        catch (InvalidInputException error)
        {
            return error.Findings[0];
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
                $"Use one of {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}; a method of your own is known where its assembly is named by --extension or {Extensions.Variable}, or in its script.");
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
                Add((MethodOptions)Extensions.Make(type));
    }

    /// <summary>A script that is evaluated again defines its methods anew, in another assembly that has no file either.</summary>
    private static void Add(MethodOptions options)
    {
        if (!options.Detects)
            return;
        if (Known.GetValueOrDefault(options.Name) is { } other && (HasFile(options) || HasFile(other)))
            throw new InvalidInputException(
                $"two methods are called '{options.Name}'", $"{other.GetType()} and {options.GetType()}", "Give one of them another name.");
        Known[options.Name] = options;
    }

    private static bool HasFile(MethodOptions options) => options.GetType().Assembly.Location.Length > 0;
}

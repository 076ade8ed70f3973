using System.Reflection;
using System.Runtime.Loader;

namespace Falcon;

/// <summary>What assemblies of other people add: methods, metrics and layouts of data sets are found in every loaded assembly that refers to this one, without
/// being registered anywhere.</summary>
public static class Extensions
{
    private static readonly Assembly Core = typeof(Extensions).Assembly;
    private static readonly HashSet<string> Folders = [];

    /// <summary>Names assemblies to load, as PATH names folders.</summary>
    public const string Variable = "FALCON_EXTENSIONS";

    /// <summary>Loads the assemblies that the environment variable <see cref="Variable"/> names.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or it is no such assembly.</exception>
    public static void LoadNamed()
    {
        foreach (var path in (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            Load(path);
    }

    /// <summary>Loads an assembly, with what lies beside it.</summary>
    /// <param name="path">The file, a .NET assembly that refers to Falcon.Core.</param>
    /// <exception cref="InvalidInputException">There is no such file, or it is no such assembly.</exception>
    public static void Load(string path)
    {
        if (!File.Exists(path))
            throw new InvalidInputException("there is no such assembly", path, "Build it, and give the path of its DLL.");
        Assembly loaded;
        try
        {
            var full = Path.GetFullPath(path);
            lock (Folders)
            {
                if (Folders.Count == 0)
                    AssemblyLoadContext.Default.Resolving += Beside;
                Folders.Add(Path.GetDirectoryName(full)!);
            }
            loaded = AssemblyLoadContext.Default.LoadFromAssemblyPath(full);
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be loaded ({error.Message})", path, "Give the DLL that 'dotnet build' made for this version of .NET.");
        }
        if (!RefersToCore(loaded))
            throw new InvalidInputException("does not use Falcon", path, "Give the DLL of a project that refers to Falcon.Core.");
    }

    /// <summary>One of each type that other assemblies derive from a type and that has a public constructor without parameters.</summary>
    internal static IEnumerable<T> Of<T>() where T : notnull => Assemblies(withCore: false).SelectMany(Types<T>).Select(type => (T)Make(type));

    /// <summary>Makes one of a type without arguments.</summary>
    /// <exception cref="InvalidInputException">Its constructor fails.</exception>
    internal static object Make(Type type)
    {
        try
        {
            return Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException error)
        {
            throw new InvalidInputException($"cannot be made ({(error.InnerException ?? error).Message})", $"{type} in {type.Assembly.GetName().Name}", "Mend its constructor.");
        }
    }

    /// <summary>The loaded assemblies that can derive from types of this one, and this one.</summary>
    internal static IEnumerable<Assembly> Assemblies(bool withCore) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly == Core ? withCore : RefersToCore(assembly));

    /// <summary>The types of an assembly that derive from a type and can be made without arguments.</summary>
    internal static IEnumerable<Type> Types<T>(Assembly assembly)
    {
        Type[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            // Some of its own references are missing; what could be loaded can be used.
            types = [.. error.Types.OfType<Type>()];
        }
        return types.Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null);
    }

    private static bool RefersToCore(Assembly assembly) => assembly.GetReferencedAssemblies().Any(name => name.Name == Core.GetName().Name);

    private static Assembly? Beside(AssemblyLoadContext context, AssemblyName name)
    {
        lock (Folders)
        {
            var file = Folders.Select(folder => Path.Combine(folder, $"{name.Name}.dll")).FirstOrDefault(File.Exists);
            return file is null ? null : context.LoadFromAssemblyPath(file);
        }
    }
}

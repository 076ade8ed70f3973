using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Falcon.Torch.Tests;

/// <summary>Public types and members as lines of text, in the form in which torchsharp-api.txt lists TorchSharp's.</summary>
internal static partial class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Reads a listing: the members of each type, accessors of properties left out.</summary>
    internal static Dictionary<string, HashSet<string>> Read(string path)
    {
        var types = new Dictionary<string, HashSet<string>>();
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ')
            {
                var name = TypeHeader().Match(line).Groups[1].Value;
                types[name] = members = [];
            }
            else if (line.Contains('(') || line.Contains('{'))
            {
                members!.Add(Normalised(line.Trim()));
            }
            else
            {
                members!.UnionWith(line.Split(',').Select(value => value.Trim()));
            }
        }
        return types;
    }

    internal static string NameOf(Type type)
    {
        var name = type.FullName!.Replace("TorchSharp.", "");
        if (!type.IsGenericTypeDefinition)
            return name;
        var parameters = string.Join(",", type.GetGenericArguments().Select(parameter => parameter.Name));
        return $"{GenericArity().Replace(name, "")}<{parameters}>";
    }

    internal static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type);
        return Lines(type).Select(Normalised);
    }

    private static IEnumerable<string> Lines(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared))
            yield return $"ctor({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared))
            yield return $"{Static(field.IsStatic)}{Text(field.FieldType)} {field.Name} (field)";
        foreach (var property in type.GetProperties(Declared))
        {
            var index = string.Join(", ", property.GetIndexParameters().Select(parameter => $"{Text(parameter.ParameterType)} {parameter.Name}"));
            yield return $"{Static(property.GetMethod!.IsStatic)}{Text(property.PropertyType)} {property.Name}{(index == "" ? "" : $"[{index}]")} {{";
        }
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
                continue;
            var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
            yield return $"{Static(method.IsStatic)}{Text(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
        }
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{Text(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")));

    private static string Default(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.DefaultValue switch
        {
            null => "null",
            bool value => value ? "true" : "false",
            string text => $"\"{text}\"",
            float number => Number(double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
            IConvertible value when type.IsEnum => Enum.GetName(type, value)!,
            IConvertible number => Number(number.ToDouble(CultureInfo.InvariantCulture)),
            var other => other.ToString()!,
        };
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(Type type)
    {
        if (type.IsByRef)
            return $"ref {Text(type.GetElementType()!)}";
        if (type.IsArray)
            return $"{Text(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Text(underlying)}?";
        if (!type.IsGenericType)
            return Keywords.GetValueOrDefault(type.Name, type.Name);
        return $"{GenericArity().Replace(type.Name, "")}<{string.Join(",", type.GetGenericArguments().Select(Text))}>";
    }

    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["Int64"] = "long",
        ["Int32"] = "int",
        ["Single"] = "float",
        ["Double"] = "double",
        ["Boolean"] = "bool",
        ["String"] = "string",
        ["Object"] = "object",
        ["Void"] = "void",
    };

    /// <summary>Namespaces and enclosing types left out, numbers in one form, properties without their accessors.</summary>
    private static string Normalised(string line)
    {
        line = Qualifier().Replace(line, "");
        line = NullableName().Replace(line, "$1?");
        line = DefaultNumber().Replace(line, match => $"= {Number(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))}");
        var accessors = line.IndexOf('{');
        return accessors < 0 ? line : line[..(accessors + 1)];
    }

    [GeneratedRegex(@"^(?:(?:static|abstract|sealed) )?(?:class|struct|enum|interface|delegate) (.*?)(?: : .*)?$")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"`\d+")]
    private static partial Regex GenericArity();

    [GeneratedRegex(@"\b(?:[A-Za-z_]\w*[.+])+(?=[A-Za-z_])")]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"Nullable<([^<>]*(?:<[^<>]*>)?)>")]
    private static partial Regex NullableName();

    [GeneratedRegex(@"= (-?\d[\d.E+-]*)")]
    private static partial Regex DefaultNumber();
}

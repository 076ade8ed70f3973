using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Takes what is said of internal types and members out of an assembly's documentation. Names that the assembly's metadata does not have stay.</summary>
public sealed class KeepPublicDocumentation : Task
{
    private readonly HashSet<string> _shown = new HashSet<string>(), _hidden = new HashSet<string>();

    [Required]
    public string Assembly { get; set; }

    [Required]
    public string Documentation { get; set; }

    public override bool Execute()
    {
        using (var stream = File.OpenRead(Assembly))
        using (var file = new PEReader(stream))
            Read(file.GetMetadataReader());
        var document = XDocument.Load(Documentation, LoadOptions.PreserveWhitespace);
        foreach (var member in document.Descendants("member").Where(member => IsHidden((string)member.Attribute("name"))).ToList())
        {
            (member.PreviousNode as XText)?.Remove();
            member.Remove();
        }
        File.WriteAllText(Documentation, document.Declaration + document.ToString(SaveOptions.DisableFormatting));
        return true;
    }

    /// <summary>Names are those of documentation without kind, parameters and the numbers of type parameters: <c>Falcon.Method.map</c>.</summary>
    private bool IsHidden(string name)
    {
        var path = string.Join(".", name.Substring(2).Split('(')[0].Split('.').Select(Bare));
        if (_hidden.Contains(path))
            return !_shown.Contains(path);
        for (var end = path.LastIndexOf('.'); end > 0; end = path.LastIndexOf('.', end - 1))
            if (_shown.Contains(path.Substring(0, end)) || _hidden.Contains(path.Substring(0, end)))
                return !_shown.Contains(path.Substring(0, end));
        return false;
    }

    private void Read(MetadataReader metadata)
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var name = Name(metadata, type);
            var shown = IsShown(metadata, type);
            Add(name, shown);
            foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
                Add(name + "." + metadata.GetString(field.Name), shown && IsShown((int)field.Attributes));
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
                Add(name + "." + Member(metadata.GetString(method.Name)), shown && IsShown((int)method.Attributes));
        }
    }

    private void Add(string name, bool shown) => (shown ? _shown : _hidden).Add(name);

    private static string Bare(string name) => name.Split('`')[0];

    /// <summary>Accessors stand for their property or event; a constructor has a name of its own.</summary>
    private static string Member(string method) => method.StartsWith(".") ? "#" + method.Substring(1)
        : new[] { "get_", "set_", "add_", "remove_" }.FirstOrDefault(method.StartsWith) is string prefix ? method.Substring(prefix.Length)
        : method;

    private static string Name(MetadataReader metadata, TypeDefinition type)
    {
        var name = Bare(metadata.GetString(type.Name));
        return !type.GetDeclaringType().IsNil ? Name(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())) + "." + name
            : type.Namespace.IsNil ? name
            : metadata.GetString(type.Namespace) + "." + name;
    }

    private static bool IsShown(MetadataReader metadata, TypeDefinition type)
    {
        switch (type.Attributes & TypeAttributes.VisibilityMask)
        {
            case TypeAttributes.Public:
                return true;
            case TypeAttributes.NestedPublic:
            case TypeAttributes.NestedFamily:
            case TypeAttributes.NestedFamORAssem:
                return IsShown(metadata, metadata.GetTypeDefinition(type.GetDeclaringType()));
            default:
                return false;
        }
    }

    /// <summary>The accessibility of fields and methods has the same numbers.</summary>
    private static bool IsShown(int attributes)
    {
        var access = (MethodAttributes)attributes & MethodAttributes.MemberAccessMask;
        return access == MethodAttributes.Public || access == MethodAttributes.Family || access == MethodAttributes.FamORAssem;
    }
}

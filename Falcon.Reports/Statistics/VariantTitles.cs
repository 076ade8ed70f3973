using Falcon.Results;

namespace Falcon.Reports;

/// <summary>What the methods of a report are called: rows show what differs between them, and what all of them share is said once.</summary>
internal sealed class VariantTitles
{
    private readonly Dictionary<MethodLabel, string> _titles = [];

    /// <summary>Chooses the titles.</summary>
    /// <param name="methods">The methods of the report, each once.</param>
    public VariantTitles(IReadOnlyList<MethodLabel> methods)
    {
        var told = methods.Where(method => method is { Family: not null, Settings: not null }).ToList();
        var common = told.Count == methods.Count ? Shared(told) : [];
        List<string> parts = common.Count > 0 ? [Listed(common)] : [];
        foreach (var family in told.GroupBy(method => method.Family!))
        {
            var shared = Shared([.. family]);
            foreach (var method in family)
                _titles[method] = Titled(family.Key, method.Settings!.Where(setting => !shared.Contains(setting.ToString())));
            var own = shared.Except(common).ToList();
            var known = family.Select(method => method.Method).OfType<string>().Distinct().ToList();
            if (own.Count + known.Count > 0)
                parts.Add($"{family.Key}: {Listed(known.Concat(own))}");
        }
        foreach (var same in methods.GroupBy(Of).Where(same => same.Count() > 1).ToList())
        {
            foreach (var method in same)
                _titles[method] = method.Title;
        }
        Shown = string.Join("; ", parts);
    }

    /// <summary>What is not in the titles: settings that all methods share, then those of single methods; empty for nothing.</summary>
    public string Shown { get; }

    /// <summary>The title of a method.</summary>
    public string Of(MethodLabel method) => _titles.GetValueOrDefault(method, method.Title);

    // What all have alike: a setting that only some have sets them apart.
    private static List<string> Shared(IReadOnlyList<MethodLabel> methods) => methods.Count == 0
        ? []
        : [.. methods[0].Settings!.Select(setting => setting.ToString()).Where(setting => methods.All(method => method.Settings!.Any(other => other.ToString() == setting)))];

    private static string Titled(string family, IEnumerable<MethodSetting> differing)
    {
        var shown = Listed(differing.Select(setting => setting.ToString()));
        return shown.Length == 0 ? family : $"{family} ({shown})";
    }

    private static string Listed(IEnumerable<string> settings) => string.Join(", ", settings);
}

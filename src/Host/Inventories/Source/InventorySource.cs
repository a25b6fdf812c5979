using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Inventories;

/// <summary>The text of an inventory, as people write it in a file.</summary>
internal static partial class InventorySource
{
    /// <exception cref="VariablesException">With line and cause.</exception>
    public static SourceInventory Read(string text) => LooksLikeYaml(text) ? YamlInventory.Read(text) : IniInventory.Read(text);

    /// <summary>Told from the first line that says anything, so that a fault is explained in the terms of the form that was meant.</summary>
    private static bool LooksLikeYaml(string text)
    {
        var first = text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && l[0] is not ('#' or ';'));
        return first is not null && (first.StartsWith("---", StringComparison.Ordinal) || first.StartsWith('{') || Key().IsMatch(first));
    }

    [GeneratedRegex("""^("[^"]*"|'[^']*'|[^\s\[\]#;=]+)\s*:(\s|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}

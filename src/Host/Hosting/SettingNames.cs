using System.Text.Json;

namespace ContainerGroups.Host.Hosting;

/// <summary>The names of all settings, as the defaults inside the executable have them; letters of either case are the same.</summary>
internal sealed class SettingNames
{
    /// <summary>Below these, others choose the names: categories of the log, and what plugins call their settings.</summary>
    private static readonly string[] NamedByOthers = ["Logging", "Plugins:Settings"];

    private readonly HashSet<string> _single = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _open = [.. NamedByOthers];

    private SettingNames()
    {
    }

    public static SettingNames From(Stream defaults)
    {
        using var document = JsonDocument.Parse(defaults);
        var names = new SettingNames();
        names.Add(document.RootElement, "");
        return names;
    }

    /// <summary>Whether somebody reads a setting of this name, or an entry of it.</summary>
    public bool Knows(string key) => _single.Contains(key)
        || _open.Any(open => key.StartsWith(open, StringComparison.OrdinalIgnoreCase) && (key.Length == open.Length || key[open.Length] == ':'));

    private void Add(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Add(property.Value, path.Length == 0 ? property.Name : ConfigurationPath.Combine(path, property.Name));
                }

                break;
            case JsonValueKind.Array:
                _open.Add(path);
                break;
            default:
                _single.Add(path);
                break;
        }
    }
}

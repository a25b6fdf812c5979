using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>The operator's allow-list of plugins.</summary>
internal sealed class PluginTrust(IOptions<PluginTrustOptions> options)
{
    private const int MaxNamedFiles = 10;

    /// <summary>The files that may be read and run: all of them, or those of the allow-list.</summary>
    /// <exception cref="PluginRefusedException">The policy doesn't allow the plugin; each file that is in the way is named.</exception>
    public PluginFiles Admit(PluginFiles files, string id)
    {
        if (!options.Value.Required || files.BuiltIn)
        {
            return files;
        }

        var entry = options.Value.Plugins.FirstOrDefault(plugin => plugin.Id == id)
            ?? throw new PluginRefusedException(
                $"Plugins:Trust does not name the plugin {id}. If you trust it, add what 'containergroups plugin check' prints for its folder.");
        // Keys of a configuration have no case; two files that differ by nothing else can't both be allowed.
        var allowed = new Dictionary<string, string>(entry.Files, StringComparer.OrdinalIgnoreCase);
        var present = files.Hashes();
        var faults = allowed.Keys.Where(name => !present.Keys.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(name => $"{name} is missing")
            .Concat(present.Keys.Where(name => !allowed.ContainsKey(name)).Select(name => $"{name} is not in the list"))
            .Concat(present.Where(file => IsAnother(allowed, file)).Select(file => $"{file.Key} is another file (SHA-256 {file.Value})"))
            .Order(StringComparer.Ordinal).ToList();
        return faults.Count == 0
            ? new TrustedFiles(files, allowed)
            : throw new PluginRefusedException($"Its files are not those that Plugins:Trust allows: {Sentence(faults)}.");
    }

    private static bool IsAnother(Dictionary<string, string> allowed, KeyValuePair<string, string> file) =>
        allowed.TryGetValue(file.Key, out var hash) && !string.Equals(hash, file.Value, StringComparison.OrdinalIgnoreCase);

    private static string Sentence(List<string> faults) => faults.Count <= MaxNamedFiles
        ? string.Join("; ", faults)
        : $"{string.Join("; ", faults.Take(MaxNamedFiles))}; and {faults.Count - MaxNamedFiles} more";
}

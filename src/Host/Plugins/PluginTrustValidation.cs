using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>A list that can't be meant ends the start: a mistyped hash must not look like a forged plugin.</summary>
internal sealed class PluginTrustValidation : IValidateOptions<PluginTrustOptions>
{
    private const string Key = $"{PluginTrustOptions.Section}:Plugins";

    public ValidateOptionsResult Validate(string? name, PluginTrustOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(PluginTrustOptions options)
    {
        if (options.Plugins.Any(plugin => string.IsNullOrWhiteSpace(plugin.Id)))
        {
            yield return $"{Key} has an entry without an Id.";
        }

        foreach (var twice in options.Plugins.GroupBy(plugin => plugin.Id, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return $"{Key} names {twice.Key} twice.";
        }

        foreach (var (id, file) in options.Plugins.SelectMany(plugin => plugin.Files, (plugin, file) => (plugin.Id, file)))
        {
            if (file.Value?.Length != 64 || !file.Value.All(char.IsAsciiHexDigit))
            {
                yield return $"{Key}: the SHA-256 of {file.Key} of {id} must be 64 hexadecimal digits.";
            }
        }
    }
}

using Microsoft.Extensions.Configuration.Json;

namespace ContainerGroups.Host.Hosting;

/// <summary>Warns at the start of settings that nobody reads: with one letter too many the default would stay in force unseen.</summary>
internal sealed partial class UnknownSettings(IConfiguration configuration, ILogger<UnknownSettings> log)
{
    /// <summary>Variables of the commands, which are no settings of a server.</summary>
    private static readonly HashSet<string> OfCommands = new(StringComparer.OrdinalIgnoreCase) { "Server", "Token", "Username", "Password", "Ca", "Insecure" };

    public void Tell()
    {
        foreach (var (name, place) in Find())
        {
            LogUnknown(name, place);
        }
    }

    /// <summary>Each with where it stands.</summary>
    public IEnumerable<(string Name, string Place)> Find()
    {
        var names = SettingNames.From(ConfigurationSources.Defaults());
        foreach (var provider in ((IConfigurationRoot)configuration).Providers)
        {
            switch (provider)
            {
                case JsonConfigurationProvider { Source: { Path: { } file, FileProvider: { } directory } } json:
                    foreach (var key in Leaves(json, null).Where(key => !names.Knows(key)))
                    {
                        yield return (key, directory.GetFileInfo(file).PhysicalPath ?? file);
                    }

                    break;
                case EnvironmentSource variables:
                    foreach (var (variable, keys) in variables.Variables.Where(v => !v.Keys.Any(key => names.Knows(key) || OfCommands.Contains(key))))
                    {
                        yield return (variable, "the environment");
                    }

                    break;
            }
        }
    }

    private static IEnumerable<string> Leaves(IConfigurationProvider provider, string? path)
    {
        var children = provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return children.Count == 0 && path is not null
            ? [path]
            : children.SelectMany(child => Leaves(provider, path is null ? child : ConfigurationPath.Combine(path, child)));
    }

    [LoggerMessage(1, LogLevel.Warning, "There is no setting {Name}, which {Place} sets: it has no effect")]
    private partial void LogUnknown(string name, string place);
}

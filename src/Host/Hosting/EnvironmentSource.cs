using System.Collections;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// Settings from variables that begin with <c>CG_</c>: <c>__</c> parts the levels of a key, and single underscores, which
/// our keys don't have, are for reading, so that <c>CG_ADMIN_PASSWORD</c> is <c>AdminPassword</c>.
/// </summary>
internal sealed class EnvironmentSource(IDictionary variables) : ConfigurationProvider, IConfigurationSource
{
    private const string Prefix = "CG_";

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var key = name[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            // Both spellings: a plugin's own keys, and its id, may have underscores.
            Data[key] = (string?)variable.Value;
            Data[key.Replace("_", "", StringComparison.Ordinal)] = (string?)variable.Value;
        }
    }
}

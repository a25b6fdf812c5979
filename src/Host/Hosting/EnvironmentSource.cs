using System.Collections;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// Settings from variables that begin with <c>CG_</c>: <c>__</c> parts the levels of a key, and single underscores, which
/// our keys don't have, are for reading, so that <c>CG_ADMIN_PASSWORD</c> is <c>AdminPassword</c>.
/// </summary>
internal sealed class EnvironmentSource(IDictionary variables) : ConfigurationProvider, IConfigurationSource
{
    private const string Prefix = "CG_";

    private readonly List<(string Name, IReadOnlyList<string> Keys)> _variables = [];

    /// <summary>What was found: each variable, and the keys that it may mean.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Keys)> Variables => _variables;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        _variables.Clear();
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var key = name[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            // Both spellings: a plugin's own keys, and its id, may have underscores.
            string[] keys = [key, key.Replace("_", "", StringComparison.Ordinal)];
            foreach (var spelling in keys)
            {
                Data[spelling] = (string?)variable.Value;
            }

            _variables.Add((name, keys));
        }
    }
}

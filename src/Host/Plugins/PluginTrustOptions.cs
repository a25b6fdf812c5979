namespace ContainerGroups.Host.Plugins;

/// <summary>The section <c>Plugins:Trust</c> of the configuration: which plugins an operator has looked at.</summary>
internal sealed class PluginTrustOptions
{
    public const string Section = "Plugins:Trust";

    /// <summary>Whether a plugin that is not in <see cref="Plugins"/>, file by file, is refused. Those inside the executable are part of
    /// it and never are.</summary>
    public bool Required { get; init; }

    public IList<TrustedPlugin> Plugins { get; init; } = [];

    internal sealed class TrustedPlugin
    {
        public string Id { get; init; } = "";

        /// <summary>The SHA-256 in hexadecimal of each file, by its path below the plugin's folder.</summary>
        public IDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
    }
}

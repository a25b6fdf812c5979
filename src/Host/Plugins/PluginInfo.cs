namespace ContainerGroups.Host.Plugins;

/// <summary>What is known of one plugin folder, loaded or not.</summary>
internal sealed record PluginInfo
{
    /// <summary>From the manifest; the folder's name when the manifest can't be read. Not unique: a second folder with the id of another
    /// is listed too, as malfunctioned. <see cref="Directory"/> is unique.</summary>
    public required string Id { get; init; }

    /// <summary>The folder; of a built-in plugin a name that is none.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the executable carries it.</summary>
    public bool BuiltIn { get; init; }

    public required PluginState State { get; init; }

    /// <summary>Why it isn't active, in a sentence for the operator; empty when it is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What an operator should change although it works, each in a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why the server has to be restarted before the folder's content is what runs; empty when it is.</summary>
    public string RestartReason { get; init; } = "";

    public string Version { get; init; } = "";

    public string ContractVersion { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Publisher { get; init; } = "";

    /// <summary>The names of the execution backends it gave; empty unless active.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>The namespaces of the credential types it gave; empty unless active.</summary>
    public IReadOnlyList<string> CredentialTypes { get; init; } = [];

    /// <summary>When the folder was looked at.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}

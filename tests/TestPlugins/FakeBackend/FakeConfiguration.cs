using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>What <c>Plugins:Settings:fake</c> says.</summary>
internal sealed record FakeConfiguration
{
    /// <summary><c>name</c>: the backend's name; <c>fake</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>directory</c>: where environments live; the plugin's data directory. Hosts that share it reach each other's.</summary>
    public required string Directory { get; init; }

    public required string InstallationId { get; init; }

    /// <summary><c>reachable_from_any_host</c> (false), <c>uses_instances</c> (true), <c>credential_kind</c> (none).</summary>
    public required BackendCapabilities Capabilities { get; init; }

    /// <summary><c>hook</c>: under which name a test has left a function that wants to hear of every call (none).</summary>
    public required string? Hook { get; init; }

    public static FakeConfiguration Read(PluginContext context) => new()
    {
        Name = context.Configuration.GetValueOrDefault("name", "fake"),
        Directory = context.Configuration.GetValueOrDefault("directory", context.DataDirectory),
        InstallationId = context.InstallationId,
        Hook = context.Configuration.GetValueOrDefault("hook"),
        Capabilities = new BackendCapabilities
        {
            ReachableFromAnyHost = bool.Parse(context.Configuration.GetValueOrDefault("reachable_from_any_host", "false")),
            UsesInstances = bool.Parse(context.Configuration.GetValueOrDefault("uses_instances", "true")),
            CredentialKind = context.Configuration.GetValueOrDefault("credential_kind"),
        },
    };
}

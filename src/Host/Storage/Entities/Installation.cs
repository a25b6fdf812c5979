namespace ContainerGroups.Host.Storage;

/// <summary>Facts about this installation that outlive processes: its id, among others.</summary>
public sealed class InstallationValue
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

/// <summary>What was last known of a plugin on a host.</summary>
public sealed class PluginStatus
{
    /// <summary>The <see cref="Status"/> of one that the host does not find any more.</summary>
    public const string Missing = "missing";

    public long Id { get; set; }

    /// <summary>The host that has, or had, it: each looks into directories of its own.</summary>
    public string Hostname { get; set; } = "";

    /// <summary>The plugin's own id.</summary>
    public string PluginId { get; set; } = "";

    public string Version { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string Publisher { get; set; } = "";

    /// <summary><c>active</c>, <c>disabled</c>, <c>not_supported</c>, <c>malfunctioned</c>,
    /// <c>missing</c>.</summary>
    public string Status { get; set; } = "";

    public string Reason { get; set; } = "";

    /// <summary>Why the host has to be restarted before the plugin's folder is what runs; empty when it is.</summary>
    public string RestartReason { get; set; } = "";

    /// <summary>One on each line.</summary>
    public string Warnings { get; set; } = "";

    public string Directory { get; set; } = "";

    /// <summary>The execution backends that it gave when it was active last, separated by commas.</summary>
    public string Backends { get; set; } = "";

    /// <summary>The credential types that it gave when it was active last, separated by commas.</summary>
    public string CredentialTypes { get; set; } = "";

    public DateTime Modified { get; set; }
}

/// <summary>A process of this installation: on PostgreSQL there may be several.</summary>
public sealed class HostProcess
{
    /// <summary>The instance on which it runs; one host each.</summary>
    public string Hostname { get; set; } = "";

    /// <summary>Changes with every start of the process.</summary>
    public Guid ProcessId { get; set; }

    /// <summary>The data directory that it holds: who holds it now knows that an earlier process is gone.</summary>
    public Guid DataDirectoryId { get; set; }

    public DateTime StartedAt { get; set; }

    public DateTime LastSeen { get; set; }
}

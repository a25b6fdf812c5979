namespace ContainerGroups.Host.Storage;

/// <summary>Facts about this installation that outlive processes: its id, among others.</summary>
public sealed class InstallationValue
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

/// <summary>What was last known of a plugin.</summary>
public sealed class PluginStatus
{
    public long Id { get; set; }

    /// <summary>The plugin's own id.</summary>
    public string PluginId { get; set; } = "";

    public string Version { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string Publisher { get; set; } = "";

    /// <summary><c>active</c>, <c>disabled</c>, <c>not_supported</c>, <c>malfunctioned</c>.</summary>
    public string Status { get; set; } = "";

    public string Reason { get; set; } = "";

    public string Directory { get; set; } = "";

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

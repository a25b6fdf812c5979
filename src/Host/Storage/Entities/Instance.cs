namespace ContainerGroups.Host.Storage;

/// <summary>An always-on runner: a machine with a host of this installation on it.</summary>
public sealed class Instance : Entity
{
    public string Hostname { get; set; } = "";

    public Guid Uuid { get; set; }

    public string IpAddress { get; set; } = "";

    /// <summary>AWX's node type: <c>control</c>, <c>execution</c>, <c>hybrid</c>, <c>hop</c>.</summary>
    public string NodeType { get; set; } = NodeTypes.Execution;

    /// <summary>One of <see cref="NodeStates"/>.</summary>
    public string NodeState { get; set; } = NodeStates.Installed;

    /// <summary>Whether the server itself runs on it and made the row.</summary>
    public bool Managed { get; set; }

    public bool Enabled { get; set; } = true;

    public bool ManagedByPolicy { get; set; } = true;

    /// <summary>Between the lower (0) and the higher (1) of the two capacities.</summary>
    public decimal CapacityAdjustment { get; set; } = 1m;

    /// <summary>Processors, as far as the host may use them.</summary>
    public decimal Cpu { get; set; }

    /// <summary>Memory in bytes.</summary>
    public long Memory { get; set; }

    public int CpuCapacity { get; set; }

    public int MemCapacity { get; set; }

    /// <summary>Forks that fit at once; 0 when disabled or not ready.</summary>
    public int Capacity { get; set; }

    public string Version { get; set; } = "";

    public string Errors { get; set; } = "";

    /// <summary>The heartbeat of the instance's host, UTC.</summary>
    public DateTime? LastSeen { get; set; }

    public DateTime? LastHealthCheck { get; set; }

    /// <summary>When somebody last asked for a health check, UTC.</summary>
    public DateTime? HealthCheckStarted { get; set; }

    public List<InstanceGroupMember> InstanceGroups { get; } = [];
}

/// <summary>AWX's node types.</summary>
public static class NodeTypes
{
    public const string Control = "control";
    public const string Execution = "execution";
    public const string Hybrid = "hybrid";
    public const string Hop = "hop";
}

/// <summary>AWX's node states.</summary>
public static class NodeStates
{
    public const string Provisioning = "provisioning";
    public const string ProvisionFail = "provision-fail";
    public const string Installed = "installed";
    public const string Ready = "ready";
    public const string Unavailable = "unavailable";
    public const string Deprovisioning = "deprovisioning";
    public const string DeprovisionFail = "deprovision-fail";
}

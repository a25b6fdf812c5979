namespace ContainerGroups.Host.Storage;

/// <summary>Hosts and groups that playbooks run against.</summary>
public sealed class Inventory : NamedEntity
{
    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    /// <summary>Variables of all hosts: a YAML or JSON mapping, as it was given; empty for none.</summary>
    public string Variables { get; set; } = "";

    /// <summary>The inventory as people write it in a file, INI or YAML; its hosts and groups are stored as rows too. Empty for none.</summary>
    public string Source { get; set; } = "";

    /// <summary>What the source says of the group <c>all</c>, a JSON object; the inventory's own variables win over it.</summary>
    public string SourceVariables { get; set; } = "";

    public bool PreventInstanceGroupFallback { get; set; }

    public bool PendingDeletion { get; set; }

    public List<InventoryHost> Hosts { get; } = [];

    public List<InventoryGroup> Groups { get; } = [];

    public List<InventoryInstanceGroup> InstanceGroups { get; } = [];

    public List<InventoryLabel> Labels { get; } = [];
}

/// <summary>A host of an inventory.</summary>
public sealed class InventoryHost : NamedEntity
{
    public long InventoryId { get; set; }

    public Inventory Inventory { get; set; } = null!;

    public bool Enabled { get; set; } = true;

    public string InstanceId { get; set; } = "";

    public string Variables { get; set; } = "";

    public long? LastJobId { get; set; }

    /// <summary>Whether it failed in its last job.</summary>
    public bool HasActiveFailures { get; set; }

    public List<InventoryGroupHost> Groups { get; } = [];
}

/// <summary>A group of an inventory.</summary>
public sealed class InventoryGroup : NamedEntity
{
    public long InventoryId { get; set; }

    public Inventory Inventory { get; set; } = null!;

    public string Variables { get; set; } = "";

    public List<InventoryGroupHost> Hosts { get; } = [];

    /// <summary>The groups inside it.</summary>
    public List<InventoryGroupChild> Children { get; } = [];

    /// <summary>The groups that it is inside of.</summary>
    public List<InventoryGroupChild> Parents { get; } = [];
}

/// <summary>A host's place in a group.</summary>
public sealed class InventoryGroupHost
{
    public long GroupId { get; set; }

    public InventoryGroup Group { get; set; } = null!;

    public long HostId { get; set; }

    public InventoryHost Host { get; set; } = null!;
}

/// <summary>A group's place in another.</summary>
public sealed class InventoryGroupChild
{
    public long ParentId { get; set; }

    public InventoryGroup Parent { get; set; } = null!;

    public long ChildId { get; set; }

    public InventoryGroup Child { get; set; } = null!;
}

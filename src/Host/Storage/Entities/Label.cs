namespace ContainerGroups.Host.Storage;

/// <summary>A word of an organization by which its templates, jobs and the like are told apart.</summary>
public sealed class Label : Entity
{
    public string Name { get; set; } = "";

    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    public List<JobTemplateLabel> JobTemplates { get; } = [];

    public List<JobLabel> Jobs { get; } = [];

    public List<InventoryLabel> Inventories { get; } = [];

    public List<ScheduleLabel> Schedules { get; } = [];
}

/// <summary>A label's place on something.</summary>
public abstract class LabelPlace
{
    public long LabelId { get; set; }

    public Label Label { get; set; } = null!;
}

/// <summary>A label of a template, which its jobs get.</summary>
public sealed class JobTemplateLabel : LabelPlace
{
    public long JobTemplateId { get; set; }
}

/// <summary>A label of a job, fixed when it was launched.</summary>
public sealed class JobLabel : LabelPlace
{
    public long JobId { get; set; }
}

/// <summary>A label of an inventory.</summary>
public sealed class InventoryLabel : LabelPlace
{
    public long InventoryId { get; set; }
}

/// <summary>A label that a schedule gives to its jobs, besides the template's.</summary>
public sealed class ScheduleLabel : LabelPlace
{
    public long ScheduleId { get; set; }
}

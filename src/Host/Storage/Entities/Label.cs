namespace ContainerGroups.Host.Storage;

/// <summary>A word of an organization by which its templates and jobs are told apart.</summary>
public sealed class Label : Entity
{
    public string Name { get; set; } = "";

    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    public List<JobTemplateLabel> JobTemplates { get; } = [];

    public List<JobLabel> Jobs { get; } = [];
}

/// <summary>A label of a template, which its jobs get.</summary>
public sealed class JobTemplateLabel
{
    public long JobTemplateId { get; set; }

    public long LabelId { get; set; }

    public Label Label { get; set; } = null!;
}

/// <summary>A label of a job, fixed when it was launched.</summary>
public sealed class JobLabel
{
    public long JobId { get; set; }

    public long LabelId { get; set; }

    public Label Label { get; set; } = null!;
}

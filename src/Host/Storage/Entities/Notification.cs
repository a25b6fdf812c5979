namespace ContainerGroups.Host.Storage;

/// <summary>Where, and how, people want to be told of jobs.</summary>
public sealed class NotificationTemplate : NamedEntity
{
    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    /// <summary>One of <see cref="NotificationTypes"/>.</summary>
    public string NotificationType { get; set; } = NotificationTypes.Webhook;

    /// <summary>A JSON object as AWX has it for the type; in place of secret values, <see cref="Credential.Hidden"/>.</summary>
    public string NotificationConfiguration { get; set; } = "{}";

    public List<Notification> Notifications { get; } = [];
}

/// <summary>AWX's words for the ways to tell people. This server has one.</summary>
public static class NotificationTypes
{
    public const string Webhook = "webhook";
}

/// <summary>AWX's words for what people are told of.</summary>
public static class NotificationEvents
{
    public const string Started = "started";

    public const string Success = "success";

    public const string Error = "error";
}

/// <summary>One secret value of a notification template.</summary>
public sealed class NotificationSecret : StoredSecret
{
    public long TemplateId { get; set; }

    /// <summary>The key of the configuration.</summary>
    public string Field { get; set; } = "";

    public override string Place => $"notification_template\0{TemplateId}\0{Field}";

    /// <summary>For people.</summary>
    public override string ToString() => $"Field {Field} of notification template {TemplateId}";
}

/// <summary>That somebody is told of the jobs of something.</summary>
public abstract class NotificationPlace
{
    public long TemplateId { get; set; }

    public NotificationTemplate Template { get; set; } = null!;

    /// <summary>One of <see cref="NotificationEvents"/>.</summary>
    public string Event { get; set; } = "";
}

/// <summary>Of the jobs of a template.</summary>
public sealed class JobTemplateNotification : NotificationPlace
{
    public long JobTemplateId { get; set; }
}

/// <summary>Of the updates of a project, and of the jobs that use it.</summary>
public sealed class ProjectNotification : NotificationPlace
{
    public long ProjectId { get; set; }
}

/// <summary>Of all that runs for an organization.</summary>
public sealed class OrganizationNotification : NotificationPlace
{
    public long OrganizationId { get; set; }
}

/// <summary>One telling of one event: stored with the event, sent as soon as may be, kept to show what became of it.</summary>
public sealed class Notification : Entity
{
    public long NotificationTemplateId { get; set; }

    public NotificationTemplate NotificationTemplate { get; set; } = null!;

    /// <summary>What it tells of; null for a test.</summary>
    public long? UnifiedJobId { get; set; }

    public UnifiedJob? UnifiedJob { get; set; }

    /// <summary>One of <see cref="NotificationEvents"/>; empty for a test.</summary>
    public string Event { get; set; } = "";

    /// <summary>One of <see cref="NotificationStatuses"/>.</summary>
    public string Status { get; set; } = NotificationStatuses.Pending;

    /// <summary>What went wrong at last; empty when nothing did.</summary>
    public string Error { get; set; } = "";

    public int NotificationsSent { get; set; }

    public string NotificationType { get; set; } = NotificationTypes.Webhook;

    /// <summary>The address; empty before the first attempt.</summary>
    public string Recipients { get; set; } = "";

    /// <summary>What is sent, JSON; empty before the first attempt, which makes it.</summary>
    public string Body { get; set; } = "";

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is tried next, UTC; while somebody tries, when another may; null when it is done.</summary>
    public DateTime? NextAttempt { get; set; }
}

/// <summary>AWX's words for what became of a notification.</summary>
public static class NotificationStatuses
{
    public const string Pending = "pending";

    public const string Successful = "successful";

    public const string Failed = "failed";
}

namespace ContainerGroups.Host.Storage;

/// <summary>One change that somebody made: written with it, in its transaction, and never changed. What it is about may be gone.</summary>
public sealed class ActivityEntry
{
    public long Id { get; set; }

    public DateTime Timestamp { get; set; }

    /// <summary>One of <see cref="ActivityOperations"/>.</summary>
    public string Operation { get; set; } = "";

    /// <summary>The user who made the change; null when the server did, or the user is gone.</summary>
    public long? ActorId { get; set; }

    public User? Actor { get; set; }

    /// <summary>What the user was called who is gone; empty as long as the user is there.</summary>
    public string FormerActor { get; set; } = "";

    /// <summary>AWX's type of what was changed: <c>job_template</c>.</summary>
    public string Object1 { get; set; } = "";

    public long Object1Id { get; set; }

    /// <summary>The type of what was associated with it or taken off; empty for none.</summary>
    public string Object2 { get; set; } = "";

    public long? Object2Id { get; set; }

    /// <summary>What the object was called then; empty when there are two.</summary>
    public string ObjectName { get; set; } = "";

    /// <summary>The list in which the two were associated, or <c>role</c>; empty for none.</summary>
    public string Association { get; set; } = "";

    /// <summary>A JSON object: each changed field with its old and new value, or the fields of what was made or deleted.</summary>
    public string Changes { get; set; } = "{}";

    /// <summary>The names of the changed fields, separated by commas; empty unless it is an update.</summary>
    public string ChangedFields { get; set; } = "";

    /// <summary>The host that made the change.</summary>
    public string ActionNode { get; set; } = "";
}

/// <summary>AWX's words for what was done.</summary>
public static class ActivityOperations
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Associate = "associate";
    public const string Disassociate = "disassociate";
}

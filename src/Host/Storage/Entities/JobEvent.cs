namespace ContainerGroups.Host.Storage;

/// <summary>Something that happened in an Ansible run, as ansible-runner tells it.</summary>
public sealed class JobEvent
{
    public long Id { get; set; }

    public long JobId { get; set; }

    public Job Job { get; set; } = null!;

    /// <summary>When it was stored, UTC.</summary>
    public DateTime Created { get; set; }

    /// <summary>The runner's number of the event, from 1; unique in its job.</summary>
    public int Counter { get; set; }

    public string Uuid { get; set; } = "";

    public string ParentUuid { get; set; } = "";

    /// <summary><c>playbook_on_task_start</c>, <c>runner_on_ok</c>, …</summary>
    public string Event { get; set; } = "";

    /// <summary>The runner's data of the event, a JSON object.</summary>
    public string EventData { get; set; } = "{}";

    public bool Failed { get; set; }

    public bool Changed { get; set; }

    public string Playbook { get; set; } = "";

    public string Play { get; set; } = "";

    public string Task { get; set; } = "";

    public string Role { get; set; } = "";

    public string HostName { get; set; } = "";

    /// <summary>The host's row; null when it is in no inventory of ours.</summary>
    public long? HostId { get; set; }

    public string Stdout { get; set; } = "";

    public long StartLine { get; set; }

    public long EndLine { get; set; }

    public int Verbosity { get; set; }

    /// <summary>Seconds that the task took on the host, as Ansible says; null where it does not.</summary>
    public double? DurationSeconds { get; set; }
}

/// <summary>How one host fared in a job.</summary>
public sealed class JobHostSummary
{
    public long Id { get; set; }

    public long JobId { get; set; }

    public Job Job { get; set; } = null!;

    public long? HostId { get; set; }

    public string HostName { get; set; } = "";

    public DateTime Created { get; set; }

    public int Changed { get; set; }

    /// <summary>Times unreachable.</summary>
    public int Dark { get; set; }

    public int Failures { get; set; }

    public int Ok { get; set; }

    public int Processed { get; set; }

    public int Skipped { get; set; }

    public int Ignored { get; set; }

    public int Rescued { get; set; }

    public bool Failed { get; set; }
}

/// <summary>A piece of a job's text. The key makes a second writer's copy impossible.</summary>
public sealed class OutputChunk
{
    public long JobId { get; set; }

    /// <summary>Where in the text it begins, in bytes.</summary>
    public long OutputOffset { get; set; }

    /// <summary>Its length in bytes, uncompressed.</summary>
    public int Length { get; set; }

    /// <summary>The number of the line in which it begins, counted from 0.</summary>
    public long StartLine { get; set; }

    /// <summary>Line feeds inside it.</summary>
    public int LineFeeds { get; set; }

    /// <summary>The bytes, as <c>Compression</c> says.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>0 as they are, 1 Brotli.</summary>
    public short Compression { get; set; }
}

namespace ContainerGroups.Host.Cli;

/// <summary>What <c>run</c> was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>The playbook's path; null for a command.</summary>
    public string? Playbook { get; init; }

    /// <summary>The directory that is uploaded; null for the playbook's own.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>The argv of a plain command; empty for a playbook.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Inventories { get; init; } = [];

    public IReadOnlyList<string> ExtraVars { get; init; } = [];

    public string Limit { get; init; } = "";

    public string Tags { get; init; } = "";

    public string SkipTags { get; init; } = "";

    public int Forks { get; init; }

    public int Verbosity { get; init; }

    public bool Check { get; init; }

    public bool Diff { get; init; }

    public bool Become { get; init; }

    /// <summary>Seconds; 0 for no limit.</summary>
    public int Timeout { get; init; }

    /// <summary>The instance group's name; null for the server's choice.</summary>
    public string? Group { get; init; }

    /// <summary>The job's name; null for one made of the playbook or command.</summary>
    public string? Name { get; init; }

    /// <summary>Launch, say the job's number, and leave.</summary>
    public bool Detach { get; init; }

    public bool IsCommand => Command.Count > 0;
}

using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Ansible;

/// <summary>What a job runs: the command, its variables and files, and how that is shown to people. Disposing removes the files' archive.</summary>
internal sealed class JobProgram : IAsyncDisposable
{
    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required TarPayload Archive { get; init; }

    public IPayload Payload => Archive;

    /// <summary>The longest time that the program may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>AWX's job_args: the argv that people know, a JSON array, without secrets.</summary>
    public required string Args { get; init; }

    /// <summary>AWX's job_cwd.</summary>
    public required string Cwd { get; init; }

    /// <summary>AWX's job_env, a JSON object, secrets masked.</summary>
    public required string MaskedEnvironment { get; init; }

    /// <summary>The revision of the project's files; empty without a project.</summary>
    public string ScmRevision { get; init; } = "";

    public ValueTask DisposeAsync() => Archive.DisposeAsync();
}

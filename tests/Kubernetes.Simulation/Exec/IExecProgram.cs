namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>What runs when something is executed in a container; given in the options, it takes the place of real processes.</summary>
public interface IExecProgram
{
    /// <summary>Runs to its end. The token is canceled when the client has gone; what runs may go on by itself.</summary>
    Task<ExecResult> RunAsync(ExecCall call, CancellationToken clientGone);
}

/// <summary>One exec: the command as the client sent it, and its streams.</summary>
public sealed record ExecCall
{
    public required PodView Pod { get; init; }

    public required string Container { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Ends when the client closes it, or is gone; empty when none was asked for.</summary>
    public required Stream Stdin { get; init; }

    public required Stream Stdout { get; init; }

    public required Stream Stderr { get; init; }
}

/// <summary>How an exec ended: by its process, or by a process that never was.</summary>
public sealed record ExecResult
{
    public int ExitCode { get; private init; }

    /// <summary>Why no process could be started, in the container runtime's words.</summary>
    public string? StartError { get; private init; }

    public static ExecResult Exited(int code) => new() { ExitCode = code };

    public static ExecResult NotStarted(string why) => new() { StartError = why };
}

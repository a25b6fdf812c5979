namespace ContainerGroups.Host.Cli;

/// <summary>The end of a command: a sentence for the user and the exit status.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}

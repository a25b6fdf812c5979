namespace ContainerGroups.Host.Cli;

/// <summary>The connection failed; a running job is followed again over a new one.</summary>
internal sealed class ServerUnreachableException(string message, Exception inner) : Exception(message, inner);

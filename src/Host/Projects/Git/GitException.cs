namespace ContainerGroups.Host.Projects;

/// <summary>A git command failed; the message is one sentence for the user.</summary>
internal sealed class GitException(string message) : Exception(message);

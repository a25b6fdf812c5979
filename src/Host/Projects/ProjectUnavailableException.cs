namespace ContainerGroups.Host.Projects;

/// <summary>A project's files cannot be had; the message is one sentence for the user.</summary>
internal sealed class ProjectUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

namespace ContainerGroups.Host.Ansible;

/// <summary>What a job asks for can't be made into a program; the message is one plain sentence for the job's explanation.</summary>
internal sealed class ProgramBuildException(string message, Exception? inner = null) : Exception(message, inner);

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>A secret can't be read or stored; the message says which, why and what to do, and never holds a secret.</summary>
internal sealed class SecretUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

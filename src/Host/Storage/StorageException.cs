namespace ContainerGroups.Host.Storage;

/// <summary>Why the store can't be used, in a sentence for the operator; it never holds a secret.</summary>
internal sealed class StorageException(string message, Exception? innerException = null) : Exception(message, innerException);

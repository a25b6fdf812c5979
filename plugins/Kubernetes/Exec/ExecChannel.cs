namespace ContainerGroups.Kubernetes.Exec;

/// <summary>What bytes of an exec are. The values are those of Kubernetes' WebSocket messages.</summary>
internal enum ExecChannel : byte
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,

    /// <summary>Kubernetes' Status on how the process ended. Never given to the reader of a session.</summary>
    Status = 3,
}

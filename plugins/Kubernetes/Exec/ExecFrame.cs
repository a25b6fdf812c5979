namespace ContainerGroups.Kubernetes.Exec;

/// <summary>Some bytes that the process has printed, never none. One write of the process may come as several frames.</summary>
/// <param name="Channel"><see cref="ExecChannel.Stdout"/> or <see cref="ExecChannel.Stderr"/>.</param>
/// <param name="Data">Valid until the session's next read.</param>
internal readonly record struct ExecFrame(ExecChannel Channel, ReadOnlyMemory<byte> Data);

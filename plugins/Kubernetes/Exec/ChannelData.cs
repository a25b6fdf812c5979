namespace ContainerGroups.Kubernetes.Exec;

/// <summary>Some bytes of one channel, as a protocol's framing gives them; may be none.</summary>
internal readonly record struct ChannelData(ExecChannel Channel, ReadOnlyMemory<byte> Data);

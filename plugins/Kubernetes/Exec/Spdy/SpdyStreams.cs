namespace ContainerGroups.Kubernetes.Exec.Spdy;

/// <summary>One stream of an exec; its type is its header <c>streamtype</c>.</summary>
internal sealed record SpdyStream(uint Id, string Type, ExecChannel Channel);

/// <summary>The streams of v4.channel.k8s.io, in the order in which they are opened; a client's ids are odd.</summary>
internal static class SpdyStreams
{
    private static readonly SpdyStream[] WithStdin =
    [
        new(1, "error", ExecChannel.Status), new(3, "stdin", ExecChannel.Stdin), new(5, "stdout", ExecChannel.Stdout), new(7, "stderr", ExecChannel.Stderr),
    ];

    private static readonly SpdyStream[] WithoutStdin =
    [
        new(1, "error", ExecChannel.Status), new(3, "stdout", ExecChannel.Stdout), new(5, "stderr", ExecChannel.Stderr),
    ];

    public static IReadOnlyList<SpdyStream> Of(bool stdin) => stdin ? WithStdin : WithoutStdin;

    /// <summary>The stream's channel; null for a stream that nobody opened.</summary>
    public static ExecChannel? Channel(bool stdin, uint id)
    {
        var streams = stdin ? WithStdin : WithoutStdin;
        return id % 2 == 1 && id / 2 < streams.Length ? streams[id / 2].Channel : null;
    }
}

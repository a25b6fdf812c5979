namespace ContainerGroups.Kubernetes.Exec;

/// <summary>
/// One running exec. One reader, one writer, each on a thread of its own choice. Frames come in the order in which they arrive;
/// not reading holds the other side back. Whoever writes much reads at the same time: a process that prints while it is fed would
/// otherwise wait for its reader, and the writer for it. Disposing closes the connection, whatever the process is doing.
/// </summary>
internal abstract class ExecSession : IAsyncDisposable
{
    /// <summary>Of the process; null until <see cref="ReadAsync"/> has returned null.</summary>
    public abstract int? ExitCode { get; }

    /// <summary>Whether <see cref="CloseStdinAsync"/> lets the process see the end of its input.</summary>
    public abstract bool CanCloseStdin { get; }

    /// <summary>
    /// The next bytes; null once the process has ended and everything was read. Frames that arrived come before any failure. Canceling
    /// only stops the waiting: the next call goes on where this one was.
    /// </summary>
    /// <exception cref="Api.ApiException">The process was not started, or how it ended is not known, in Kubernetes' own words.</exception>
    /// <exception cref="IOException">The connection ended, or went silent, without a word on how the process ended.</exception>
    public abstract ValueTask<ExecFrame?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives the process input; returns when the connection has taken it. What the other side no longer takes, because the process
    /// has ended or the connection has, is dropped: how it ended is told by <see cref="ReadAsync"/>, in one place. Canceling in the
    /// middle ends the session, since half a frame can't be taken back.
    /// </summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> stdin, CancellationToken cancellationToken);

    /// <summary>Ends the process' input where the protocol can (SPDY, v5.channel.k8s.io); does nothing on v4.</summary>
    public abstract ValueTask CloseStdinAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

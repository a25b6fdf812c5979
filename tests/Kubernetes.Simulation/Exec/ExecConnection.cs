using System.IO.Pipelines;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

internal enum ExecChannel
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,
    Error = 3,
}

/// <summary>The server's end of an exec connection, whatever its protocol.</summary>
internal abstract class ExecConnection : IAsyncDisposable
{
    private const int LittleStdin = 64 * 1024;

    // Not reading stdin holds the client back, as the pipe of a real process does.
    private readonly Pipe _stdin = new(new PipeOptions(pauseWriterThreshold: 128 * 1024, resumeWriterThreshold: 64 * 1024, useSynchronizationContext: false));
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _writing = new(1);

    private long _received;
    private long _taken;

    /// <summary>More of stdin has come than fits into the buffers on the way to a process.</summary>
    public bool HasMuchUnreadStdin => Interlocked.Read(ref _received) - Interlocked.Read(ref _taken) > LittleStdin;

    /// <summary>Canceled once the client has gone.</summary>
    public CancellationToken Gone => _gone.Token;

    public Stream Stdin => new CountedStream(_stdin.Reader.AsStream(), bytes => Interlocked.Add(ref _taken, bytes));

    /// <summary>Reads what the client sends until it has gone.</summary>
    public async Task ReceiveAsync()
    {
        try
        {
            await ReceiveFramesAsync(_closing.Token);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException or ObjectDisposedException)
        {
            // However it ended, the client is gone; the process only sees the end of its stdin.
        }
        finally
        {
            await _stdin.Writer.CompleteAsync();
            await _gone.CancelAsync();
        }
    }

    /// <summary>Nobody reads stdin any more: what still comes is dropped, and holds nothing back.</summary>
    public ValueTask DropStdinAsync() => _stdin.Reader.CompleteAsync();

    public Task SendAsync(ExecChannel channel, ReadOnlyMemory<byte> data) => OneWriterAsync(() => SendFrameAsync(channel, data));

    /// <summary>The outputs have ended, and nothing is said of the process.</summary>
    public Task EndOutputsAsync() => OneWriterAsync(SendOutputEndsAsync);

    /// <summary>The status, then the end of the connection.</summary>
    public async Task EndAsync(ReadOnlyMemory<byte> status)
    {
        await SendAsync(ExecChannel.Error, status);
        await OneWriterAsync(SendEndAsync);
    }

    /// <summary>Nothing that the client sends matters any more.</summary>
    public Task StopReceivingAsync() => _closing.CancelAsync();

    public virtual ValueTask DisposeAsync()
    {
        _gone.Dispose();
        _closing.Dispose();
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    protected abstract Task ReceiveFramesAsync(CancellationToken ct);

    protected abstract Task SendFrameAsync(ExecChannel channel, ReadOnlyMemory<byte> data);

    protected abstract Task SendEndAsync();

    protected abstract Task SendOutputEndsAsync();

    protected async Task StdinAsync(ReadOnlyMemory<byte> data)
    {
        if (data.Length > 0)
        {
            Interlocked.Add(ref _received, data.Length);
            await _stdin.Writer.WriteAsync(data);
        }
    }

    protected ValueTask CloseStdinAsync() => _stdin.Writer.CompleteAsync();

    protected async Task OneWriterAsync(Func<Task> write)
    {
        await _writing.WaitAsync();
        try
        {
            await write();
        }
        finally
        {
            _writing.Release();
        }
    }
}

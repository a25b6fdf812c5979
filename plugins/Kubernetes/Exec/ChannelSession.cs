using System.Buffers;
using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>What both protocols have in common: how the end is told, and how input is cut into frames.</summary>
internal abstract class ChannelSession(UpgradedConnection connection, bool stdin, TimeProvider clock) : ExecSession
{
    /// <summary>A frame fills two TLS records.</summary>
    private const int FrameSize = 32 * 1024;

    /// <summary>The Status is the last that a process causes; a connection that stays open after it is not waited for longer.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after a process' output its Status may come. containerd (1.6) never sends it when the process has left much of its
    /// input unread.
    /// </summary>
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(10);

    private readonly ExecEnd _end = new();
    private Exception? _failure;
    private bool _hasEnded;
    private volatile bool _isStdinOver;
    private bool _isStdinClosed;

    public override int? ExitCode => _hasEnded ? _end.ExitCode : null;

    protected UpgradedConnection Connection => connection;

    protected bool HasStdin => stdin;

    /// <summary>The other side has ended both outputs, where the protocol tells.</summary>
    protected virtual bool HasOutputEnded => false;

    /// <summary>Bytes that a frame of input has beside the input.</summary>
    protected abstract int FrameOverhead { get; }

    public sealed override async ValueTask<ExecFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_hasEnded || _failure is not null)
        {
            return _failure is null ? null : throw _failure;
        }

        try
        {
            while (await NextBeforeEndAsync(cancellationToken) is { } next)
            {
                if (next.Channel == ExecChannel.Status)
                {
                    _end.Append(next.Data.Span);
                }
                else if (!next.Data.IsEmpty && next.Channel is ExecChannel.Stdout or ExecChannel.Stderr)
                {
                    return new ExecFrame(next.Channel, next.Data);
                }
            }
        }
        catch (Exception e) when (ConnectionLoss.Is(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_end.IsKnown)
            {
                _failure = new IOException($"{Unknown} {connection.GivenUp ?? e.Message}", e);
                connection.GiveUp(e.Message);
                throw _failure;
            }
        }

        Finish();
        return null;
    }

    public sealed override async ValueTask WriteAsync(ReadOnlyMemory<byte> stdin, CancellationToken cancellationToken)
    {
        CheckStdin();
        var frame = ArrayPool<byte>.Shared.Rent(FrameSize);
        try
        {
            while (!stdin.IsEmpty && !_isStdinOver)
            {
                var length = Math.Min(stdin.Length, FrameSize - FrameOverhead);
                var framed = EncodeStdin(stdin.Span[..length], frame);
                await SendAsync(frame.AsMemory(0, framed), cancellationToken);
                stdin = stdin[length..];
            }
        }
        finally
        {
            // Input may hold secrets.
            ArrayPool<byte>.Shared.Return(frame, clearArray: true);
        }
    }

    public sealed override async ValueTask CloseStdinAsync(CancellationToken cancellationToken)
    {
        CheckStdin();
        _isStdinClosed = true;
        if (!_isStdinOver && EncodeEndOfStdin() is { Length: > 0 } frame)
        {
            await SendAsync(frame, cancellationToken);
        }
    }

    public sealed override ValueTask DisposeAsync() => connection.DisposeAsync();

    protected const string Unknown = "The exec ended without a word on how its process ended.";

    /// <summary>The next bytes of any channel; null when the other side has ended all that it sends.</summary>
    protected abstract ValueTask<ChannelData?> NextAsync(CancellationToken cancellationToken);

    /// <summary>Writes a frame of input to <paramref name="frame"/>; its length.</summary>
    protected abstract int EncodeStdin(ReadOnlySpan<byte> stdin, Span<byte> frame);

    /// <summary>The frame that ends the input; empty when the protocol has none.</summary>
    protected abstract byte[] EncodeEndOfStdin();

    /// <summary>The process takes no more input.</summary>
    protected void StdinIsOver() => _isStdinOver = true;

    private async ValueTask<ChannelData?> NextBeforeEndAsync(CancellationToken cancellationToken)
    {
        if (!_end.IsKnown && !(stdin && HasOutputEnded))
        {
            return await NextAsync(cancellationToken);
        }

        using var linger = new CancellationTokenSource(_end.IsKnown ? Linger : StatusPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(linger.Token, cancellationToken);
        try
        {
            return await NextAsync(either.Token);
        }
        catch (OperationCanceledException) when (linger.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return _end.IsKnown ? null : throw new IOException("Its output has ended, perhaps because it ended without reading all of its input.");
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WriteAsync(frame, cancellationToken);
        }
        catch (Exception e) when (ConnectionLoss.Is(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _isStdinOver = true;
        }
    }

    private void Finish()
    {
        // A writer whose input nobody takes any more would wait for ever.
        _isStdinOver = true;
        connection.GiveUp("The process has ended.");
        connection.Inbound.Release();
        _failure = _end.Failure(Unknown);
        if (_failure is not null)
        {
            throw _failure;
        }

        _hasEnded = true;
    }

    private void CheckStdin()
    {
        if (!stdin || _isStdinClosed)
        {
            throw new InvalidOperationException(stdin ? "The input of this exec is closed." : "This exec was opened without an input.");
        }
    }
}

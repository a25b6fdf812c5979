using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>One connection on which a job's output and end come, until there is nothing more on it.</summary>
internal sealed class FollowConnection : IAsyncDisposable
{
    /// <summary>A connection that is silent for longer is dead, whatever the network says: the other side speaks every <see cref="Beat"/>.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Keeps what lies between, too, from hanging up for silence.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>How long output that should have come by now is waited for before another connection fetches it: some images'
    /// <c>tail</c> looks only once a second.</summary>
    private static readonly TimeSpan Straggling = TimeSpan.FromMilliseconds(150);

    private readonly ExecSession? _session;
    private readonly CancellationTokenSource _patience;
    private ReadOnlyMemory<byte> _first;

    private FollowConnection(ExecSession? session, TimeProvider clock, ReadOnlyMemory<byte> first = default)
    {
        _session = session;
        _first = first;
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
    }

    /// <summary>Whether there was a connection at all.</summary>
    public bool WasOpened => _session is not null;

    /// <summary>What was told of the program's end.</summary>
    public FollowReport Report { get; } = new();

    /// <summary>Why nothing more comes, when the report does not say.</summary>
    public Exception Fault { get; private set; } = new IOException("The connection ended.");

    /// <summary>Goes on with the connection over which the program was started.</summary>
    /// <param name="session">From the first byte of the output on.</param>
    /// <param name="output">What has come of the output already.</param>
    /// <param name="report">What has come of the report already.</param>
    /// <param name="clock">For patience.</param>
    public static FollowConnection Of(ExecSession session, ReadOnlyMemory<byte> output, ReadOnlySpan<byte> report, TimeProvider clock)
    {
        var connection = new FollowConnection(session, clock, output);
        connection.Report.Append(report);
        return connection;
    }

    /// <summary>Opens one; a failure is told by <see cref="Fault"/>.</summary>
    /// <param name="place">The pod.</param>
    /// <param name="offset">The first byte wanted; null for nothing but the end.</param>
    /// <param name="clock">For patience.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public static async Task<FollowConnection> OpenAsync(PodPlace place, long? offset, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            // The other side takes the end of its input for ours.
            var session = await place.ExecAsync(PodCommands.Follow(offset, Beat), stdin: true, cancellationToken);
            return new FollowConnection(session, clock);
        }
        catch (Exception exception) when (exception is ApiException or IOException)
        {
            return new FollowConnection(null, clock) { Fault = exception };
        }
    }

    /// <summary>The next piece of output, valid until the next call; null when this connection has nothing more to give.</summary>
    /// <param name="position">How much of the program's output the caller has.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(long position, CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            return null;
        }

        if (_first.Length > 0)
        {
            var first = _first;
            _first = default;
            return first;
        }

        await using var registration = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        try
        {
            while (!IsDone(position))
            {
                _patience.CancelAfter(Report.State == EnvironmentState.Running ? Silence : Straggling);
                var read = await _session.ReadAsync(_patience.Token);
                // How long the caller takes over a piece says nothing about the other side.
                _patience.CancelAfter(Timeout.InfiniteTimeSpan);
                if (read is not { } frame)
                {
                    KeepWords();
                    return null;
                }

                if (frame.Channel == ExecChannel.Stderr)
                {
                    Report.Append(frame.Data.Span);
                }
                else if (frame.Data.Length > 0)
                {
                    return frame.Data;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Fault = new IOException($"Nothing came for {Silence.TotalSeconds:0} seconds.");
        }
        catch (Exception exception) when (exception is ApiException or IOException)
        {
            Fault = exception;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        _patience.Dispose();
    }

    private bool IsDone(long position) => Report.State switch
    {
        EnvironmentState.Exited => position >= Report.OutputLength,
        EnvironmentState.NotStarted => true,
        _ => false,
    };

    /// <summary>A shell that could not do what it was asked says so.</summary>
    private void KeepWords()
    {
        if (Report.Words is { Length: > 0 } words)
        {
            Fault = new IOException(words);
        }
    }
}

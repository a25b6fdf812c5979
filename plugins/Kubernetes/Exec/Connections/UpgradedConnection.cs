namespace ContainerGroups.Kubernetes.Exec.Connections;

/// <summary>
/// A connection after its upgrade. Pings keep it open on its way while nobody says anything, and a peer that is waited for and gives
/// no sign of life is given up within a minute. A peer that nobody waits for is not: a reader may take its time.
/// </summary>
internal sealed class UpgradedConnection : IAsyncDisposable
{
    public static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(20);

    /// <summary>How long a peer that is waited for may be silent: at least one ping was sent, and had half of this to be answered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan TickPeriod = PingPeriod / 2;

    private readonly Stream _stream;
    private readonly TimeProvider _clock;
    private readonly byte[] _ping;
    private readonly CancellationTokenSource _closed = new();
    private readonly ITimer _timer;
    private readonly Action _abandon;
    private long _lastPing;
    private string? _givenUp;

    public UpgradedConnection(Stream stream, byte[] ping, TimeProvider clock)
    {
        _stream = stream;
        _clock = clock;
        _ping = ping;
        _lastPing = clock.GetTimestamp();
        _abandon = () => GiveUp("Writing was canceled in the middle of a frame.");
        Inbound = new InboundBytes(stream, clock, _closed.Token);
        Outbound = new OutboundFrames(stream, clock, _closed.Token);
        _timer = clock.CreateTimer(static connection => ((UpgradedConnection)connection!).Tick(), this, TickPeriod, TickPeriod);
    }

    public InboundBytes Inbound { get; }

    public OutboundFrames Outbound { get; }

    /// <summary>Why this side ended the connection; null when it did not.</summary>
    public string? GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>Returns when the frame was taken. Canceled in the middle of it, the connection is over.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        Outbound.WriteAsync(frame, _abandon, cancellationToken);

    /// <summary>Ends reads and writes under way, and the stream under them.</summary>
    public void GiveUp(string reason)
    {
        if (Interlocked.CompareExchange(ref _givenUp, reason, null) is null)
        {
            _closed.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        GiveUp("The session was disposed.");
        await _timer.DisposeAsync();
        await _stream.DisposeAsync();
        Inbound.Forget();
    }

    private void Tick()
    {
        var now = _clock.GetTimestamp();
        if (IsSilent(Inbound.WaitingSince, now) || IsSilent(Outbound.WritingSince, now))
        {
            GiveUp($"The other side has given no sign of life for {Patience.TotalSeconds:0} seconds.");
        }
        else if (_clock.GetElapsedTime(_lastPing, now) >= PingPeriod)
        {
            _lastPing = now;
            Outbound.Post(_ping);
        }
    }

    private bool IsSilent(long? since, long now) =>
        since is { } start && _clock.GetElapsedTime(Math.Max(start, Inbound.LastReceived), now) >= Patience;
}

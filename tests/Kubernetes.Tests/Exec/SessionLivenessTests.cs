using System.Text;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>Who waits for whom, for how long, and what a canceled wait leaves.</summary>
[TestFixtureSource(typeof(Peer), nameof(Peer.Protocols))]
public sealed class SessionLivenessTests(string protocol)
{
    private FakeClock _clock = null!;
    private Peer _peer = null!;

    [SetUp]
    public void Open()
    {
        _clock = new FakeClock();
        _peer = new Peer(protocol, _clock);
    }

    [TearDown]
    public async Task CloseAsync() => await _peer.Session.DisposeAsync();

    [Test]
    public async Task IdleConnection_IsPingedEvery20Seconds()
    {
        _clock.Advance(TimeSpan.FromSeconds(19));
        var early = _peer.Stream.Written.Length;

        _clock.Advance(TimeSpan.FromSeconds(42));

        await Eventually.BeAsync(() => Pings() == 3, "three pings were sent in a minute");
        Assert.That(early, Is.Zero);
    }

    [Test]
    public async Task SilentPeer_IsGivenUpWithinAMinute()
    {
        var reading = _peer.Session.ReadAsync(CancellationToken.None).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(55));

        var failure = Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Eventually.Deadline));
        Assert.That(failure!.Message, Does.Contain("no sign of life"));
        await Eventually.EndAsync(_peer.Session.WriteAsync(new byte[10], CancellationToken.None).AsTask(), "writing to nobody");
    }

    [Test]
    public async Task SilentPeerThatTakesNoInput_IsGivenUpWithinAMinute()
    {
        _peer.Stream.Hold();
        var writing = _peer.Session.WriteAsync(new byte[10], CancellationToken.None).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(55));

        await Eventually.EndAsync(writing, "writing to a dead peer");
        Assert.ThrowsAsync<IOException>(async () => await _peer.Session.ReadAsync(CancellationToken.None));
    }

    [Test]
    public async Task PeerThatSaysSomething_IsNotGivenUp()
    {
        for (var i = 0; i < 10; i++)
        {
            var reading = _peer.Session.ReadAsync(CancellationToken.None).AsTask();
            _clock.Advance(TimeSpan.FromSeconds(35));
            _peer.Prints($"{i}");

            Assert.That(Text(await reading.WaitAsync(Eventually.Deadline)), Is.EqualTo($"{i}"));
        }
    }

    [Test]
    public async Task PeerThatNobodyReads_IsNotGivenUp()
    {
        _peer.Prints("first");
        await _peer.Session.ReadAsync(CancellationToken.None);
        _peer.Prints("second");

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(Text(await _peer.Session.ReadAsync(CancellationToken.None)), Is.EqualTo("second"));
    }

    [Test]
    public async Task PingWhileInputIsStuck_StopsNoReaderAndIsAnsweredLater()
    {
        _peer.Stream.Hold();
        var writing = _peer.Session.WriteAsync(new byte[100], CancellationToken.None).AsTask();
        _peer.Pings();
        _peer.Prints("x");

        var frame = await _peer.Session.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.Deadline);
        _peer.Stream.Take();
        await Eventually.EndAsync(writing, "writing");

        Assert.That(Text(frame), Is.EqualTo("x"));
        await Eventually.BeAsync(() => _peer.Stream.Written.Length > 110, "the answer follows the input");
    }

    [Test]
    public async Task CanceledRead_LosesNothing()
    {
        using var cancel = new CancellationTokenSource();
        _peer.Prints("one");
        _peer.Stream.Send(protocol == "SPDY" ? PeerFrames.SpdyData(5, "two")[..6] : PeerFrames.WebSocketMessage(1, "two")[..1]);
        await _peer.Session.ReadAsync(CancellationToken.None);

        var read = new StringBuilder();
        var reading = ReadToAsync(read, 3, cancel.Token);
        await cancel.CancelAsync();
        Assert.That(async () => await reading.WaitAsync(Eventually.Deadline), Throws.InstanceOf<OperationCanceledException>());
        _peer.Stream.Send(protocol == "SPDY" ? PeerFrames.SpdyData(5, "two")[6..] : PeerFrames.WebSocketMessage(1, "two")[1..]);
        await ReadToAsync(read, 3, CancellationToken.None).WaitAsync(Eventually.Deadline);

        Assert.That(read.ToString(), Is.EqualTo("two"));
    }

    [Test]
    public async Task WriteCanceledInMidFrame_EndsTheSession()
    {
        using var cancel = new CancellationTokenSource();
        _peer.Stream.Hold();
        var writing = _peer.Session.WriteAsync(new byte[10], cancel.Token).AsTask();
        var reading = _peer.Session.ReadAsync(CancellationToken.None).AsTask();

        await cancel.CancelAsync();

        Assert.That(async () => await writing.WaitAsync(Eventually.Deadline), Throws.InstanceOf<OperationCanceledException>());
        Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Eventually.Deadline));
    }

    [Test]
    public async Task Dispose_EndsAReadUnderWay()
    {
        var reading = _peer.Session.ReadAsync(CancellationToken.None).AsTask();

        await _peer.Session.DisposeAsync();

        Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Eventually.Deadline));
    }

    private async Task ReadToAsync(StringBuilder text, int length, CancellationToken cancellationToken)
    {
        while (text.Length < length)
        {
            text.Append(Text(await _peer.Session.ReadAsync(cancellationToken)));
        }
    }

    private int Pings()
    {
        var (start, count) = (_peer.PingStart, 0);
        var written = _peer.Stream.Written.AsSpan();
        for (var at = written.IndexOf(start); at >= 0; at = written.IndexOf(start))
        {
            written = written[(at + start.Length)..];
            count++;
        }

        return count;
    }

    private static string? Text(ExecFrame? frame) => frame is { } given ? Encoding.UTF8.GetString(given.Data.Span) : null;
}

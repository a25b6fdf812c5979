namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>What only SPDY tells: the end of each stream.</summary>
public sealed class SpdyEndTests
{
    private readonly FakeClock _clock = new();
    private Peer _peer = null!;

    [SetUp]
    public void Open() => _peer = new Peer("SPDY", _clock);

    [TearDown]
    public async Task CloseAsync() => await _peer.Session.DisposeAsync();

    [Test]
    public async Task OutputThatEndsWithoutAStatus_IsAFailureAfterAWhile()
    {
        _peer.Complains("why");
        _peer.Stream.Send(PeerFrames.SpdyData(5, "", isLast: true), PeerFrames.SpdyReset(7));
        var reading = Received.AllOfAsync(_peer.Session);
        await Eventually.BeAsync(() => _clock.WaitingTimers == 2, "the reader waits for the status, with a limit");

        _clock.Advance(TimeSpan.FromSeconds(10));

        var received = await reading;
        Assert.That(received.Text, Is.EqualTo("Stderr:why"));
        Assert.That(received.Failure, Is.InstanceOf<IOException>().And.Message.Contains("without reading all of its input"));
    }

    [Test]
    public async Task StatusBeforeTheLastOutput_LosesNone()
    {
        _peer.Tells(PeerFrames.Success);
        _peer.Stream.Send(PeerFrames.SpdyData(1, "", isLast: true), PeerFrames.SpdyData(7, "", isLast: true));
        _peer.Prints("late");
        _peer.Stream.Send(PeerFrames.SpdyData(5, "r", isLast: true));

        var received = await Received.AllOfAsync(_peer.Session);

        Assert.That((received.Text, received.ExitCode), Is.EqualTo(("Stdout:later", (int?)0)));
    }

    [Test]
    public async Task ResetOfTheInput_DropsTheRest()
    {
        _peer.Stream.Send(PeerFrames.SpdyReset(3));
        _peer.Prints("x");
        await _peer.Session.ReadAsync(CancellationToken.None);

        await _peer.Session.WriteAsync(new byte[1000], CancellationToken.None);

        Assert.That(_peer.Stream.Written, Is.Empty);
    }
}

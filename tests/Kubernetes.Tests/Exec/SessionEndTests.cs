using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>How a session ends, which only Kubernetes' Status decides.</summary>
[TestFixtureSource(typeof(Peer), nameof(Peer.Protocols))]
public sealed class SessionEndTests(string protocol)
{
    private const string NoSuchFile = """
        {"metadata":{},"status":"Failure","message":"Internal error occurred: OCI runtime exec failed: exec: \"/nope\": stat /nope: no such file or directory: unknown","reason":"InternalError","details":{"causes":[{"message":"no such file"}]},"code":500}
        """;

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

    [TestCase(PeerFrames.Success, 0)]
    [TestCase(PeerFrames.ExitCode3, 3)]
    public async Task StatusOfAnEndedProcess_IsItsExitCode(string status, int code)
    {
        _peer.Prints("out");
        _peer.Complains("err");
        _peer.Tells(status);
        _peer.EndsAll();

        var received = await Received.AllOfAsync(_peer.Session);

        Assert.That((received.Text, received.ExitCode, received.Failure), Is.EqualTo(("Stdout:out|Stderr:err", (int?)code, (Exception?)null)));
        Assert.That(await _peer.Session.ReadAsync(CancellationToken.None), Is.Null, "and it stays so");
    }

    [Test]
    public async Task ExitCode_IsNotKnownBeforeTheEnd()
    {
        _peer.Tells(PeerFrames.Success);
        _peer.Prints("late");

        await _peer.Session.ReadAsync(CancellationToken.None);

        Assert.That(_peer.Session.ExitCode, Is.Null);
    }

    [Test]
    public async Task StatusInPieces_IsReadAsOne()
    {
        _peer.Tells(PeerFrames.ExitCode3[..10]);
        _peer.Tells(PeerFrames.ExitCode3[10..60]);
        _peer.Tells(PeerFrames.ExitCode3[60..]);
        _peer.EndsAll();

        Assert.That((await Received.AllOfAsync(_peer.Session)).ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task StatusOfAProcessThatDidNotStart_IsKubernetesOwnWords()
    {
        _peer.Tells(NoSuchFile);
        _peer.EndsAll();

        var failure = (await Received.AllOfAsync(_peer.Session)).Failure as ApiException;

        Assert.That(failure?.Message, Does.Contain("stat /nope: no such file or directory"));
        Assert.That(failure?.Reason, Is.EqualTo("InternalError"));
        Assert.ThrowsAsync<ApiException>(async () => await _peer.Session.ReadAsync(CancellationToken.None), "and it stays so");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EndWithoutStatus_IsAFailureAfterWhatArrived(bool breaks)
    {
        _peer.Prints("one");
        _peer.Complains("two");
        if (breaks)
        {
            _peer.Stream.Break();
        }
        else
        {
            _peer.EndsAll();
            _peer.Stream.End();
        }

        var received = await Received.AllOfAsync(_peer.Session);

        Assert.That((received.Text, received.ExitCode), Is.EqualTo(("Stdout:one|Stderr:two", (int?)null)));
        Assert.That(received.Failure, Is.InstanceOf<IOException>().And.Message.Contains("without a word on how its process ended"));
    }

    [Test]
    public async Task WordsThatAreNoStatus_AreToldAndNoSuccess()
    {
        _peer.Tells("container is gone");
        _peer.EndsAll();
        _peer.Stream.End();

        Assert.That((await Received.AllOfAsync(_peer.Session)).Failure, Is.InstanceOf<IOException>().And.Message.Contains("container is gone"));
    }

    [Test]
    public async Task BreakAfterTheStatus_IsTheEnd()
    {
        _peer.Prints("all");
        _peer.Tells(PeerFrames.ExitCode3);
        _peer.Stream.Break();

        var received = await Received.AllOfAsync(_peer.Session);

        Assert.That((received.Text, received.ExitCode), Is.EqualTo(("Stdout:all", (int?)3)));
    }

    [Test]
    public async Task ConnectionThatStaysOpenAfterTheStatus_IsNotWaitedForLong()
    {
        _peer.Tells(PeerFrames.Success);
        var reading = Received.AllOfAsync(_peer.Session);
        await Eventually.BeAsync(() => _clock.WaitingTimers == 2, "the reader waits for the rest, with a limit");

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await reading).ExitCode, Is.Zero);
    }

    [Test]
    public async Task InputAfterTheEnd_IsDropped()
    {
        _peer.Tells(PeerFrames.Success);
        _peer.EndsAll();
        await Received.AllOfAsync(_peer.Session);
        var before = _peer.Stream.Written.Length;

        await _peer.Session.WriteAsync(new byte[1000], CancellationToken.None);

        Assert.That(_peer.Stream.Written, Has.Length.EqualTo(before));
    }

    [Test]
    public async Task InputIntoABrokenConnection_IsDropped_AndTheReaderTells()
    {
        await _peer.Session.DisposeAsync();

        await _peer.Session.WriteAsync(new byte[1000], CancellationToken.None);

        Assert.ThrowsAsync<IOException>(async () => await _peer.Session.ReadAsync(CancellationToken.None));
    }

    [Test]
    public async Task InputAfterItWasClosed_IsAMistake()
    {
        await _peer.Session.CloseStdinAsync(CancellationToken.None);

        Assert.ThrowsAsync<InvalidOperationException>(async () => await _peer.Session.WriteAsync(new byte[1], CancellationToken.None));
    }

    [Test]
    public async Task EndWhileInputIsStuck_FreesTheWriter()
    {
        _peer.Stream.Hold();
        var writing = _peer.Session.WriteAsync(new byte[1_000_000], CancellationToken.None).AsTask();
        _peer.Tells(PeerFrames.ExitCode3);
        _peer.EndsAll();

        Assert.That((await Received.AllOfAsync(_peer.Session)).ExitCode, Is.EqualTo(3));
        await Eventually.EndAsync(writing, "writing to a process that is over");
    }
}

using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>What the words of a fake job do; other tests rely on them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FakeBackendTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("cg-fake-").FullName;
    private readonly List<CatalogRig> _rigs = [];
    private readonly BackendTarget _target = new() { InstanceGroupId = 1, InstanceGroupName = "default" };
    private IExecutionBackend _backend = null!;

    [SetUp]
    public async Task LoadAsync()
    {
        var rig = new CatalogRig(_clock, [TestPlugins.Directory("FakeBackend")], ("Settings:fake:directory", _directory));
        _rigs.Add(rig);
        await rig.LoadAsync();
        _backend = rig.Catalog.GetBackend("fake");
    }

    public void Dispose()
    {
        _rigs.ForEach(rig => rig.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Print_GrowsWithTheClock_AndGoesOnWhileNoHostRuns()
    {
        var handle = await RunAsync("print=1000", "run_for=10s");
        var all = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 1000).Select(line => $"{line}\n")));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await ReadAsync(handle, 0, all.Length / 2), Is.EqualTo(all[..(all.Length / 2)]));
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Running));

        await LoadAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Exited));
        Assert.That(await ReadAsync(handle, 100), Is.EqualTo(all[100..]));
        Assert.That(File.ReadAllLines(Path.Combine(_directory, "starts.log")), Is.EqualTo(new[] { handle.Name }));
    }

    [TestCase("print=200000")]
    [TestCase("bytes=1288895")]
    public async Task Output_FromAnyOffset_IsTheSameBytes(string words)
    {
        var handle = await RunAsync(words);
        var all = await ReadAsync(handle, 0);

        Assert.That(all, Has.Length.EqualTo(1_288_895));
        foreach (var offset in new[] { 1, 9, 10, 11, 255, 5888, 262_144, 488_889, 1_000_001, 1_288_894 })
        {
            Assert.That(await ReadAsync(handle, offset), Is.EqualTo(all[offset..]), $"from {offset}");
        }
    }

    [Test]
    public async Task ProvisionError_ComesFromGroupOrJobName_AsOftenAsTold()
    {
        var target = _target with { Settings = new InputValues([KeyValuePair.Create("script", (object?)"provision_error_times=2")]) };
        var request = new ProvisionRequest { Target = target, JobId = 1, Attempt = 1, JobName = "nightly provision_error=QuotaExceeded" };

        for (var i = 0; i < 2; i++)
        {
            var e = Assert.ThrowsAsync<BackendException>(() => _backend.ProvisionAsync(request, CancellationToken.None));
            Assert.That((e.Reason, e.IsTransient), Is.EqualTo((BackendFailureReason.QuotaExceeded, true)));
        }

        Assert.That((await _backend.ProvisionAsync(request, CancellationToken.None)).Name, Does.EndWith("-1-1"));
    }

    [TestCase("start_error=Forbidden", BackendFailureReason.Forbidden, EnvironmentState.NotStarted)]
    [TestCase("start_error_after=Unreachable", BackendFailureReason.Unreachable, EnvironmentState.Running)]
    [TestCase("throw=start", BackendFailureReason.Unknown, EnvironmentState.NotStarted)]
    public async Task StartError_LeavesWhatItSays(string words, BackendFailureReason reason, EnvironmentState state)
    {
        var handle = await ProvisionAsync();
        var e = Assert.ThrowsAsync<BackendException>(() => StartAsync(handle, words, "run_for=1s"));

        Assert.That(e.Reason, Is.EqualTo(reason));
        Assert.That(await StateAsync(handle), Is.EqualTo(state));
    }

    [Test]
    public async Task Loss_ComesAtItsTime_WithItsReason()
    {
        var handle = await RunAsync("run_for=10s", "lose_after=3s", "lose_reason=Evicted");
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Running));

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Lost));
        var e = Assert.ThrowsAsync<BackendException>(() => _backend.WaitForExitAsync(handle, _target, CancellationToken.None));
        Assert.That(e.Reason, Is.EqualTo(BackendFailureReason.Evicted));
    }

    [Test]
    public async Task Outage_EndsByItself()
    {
        var handle = await RunAsync("run_for=10s", "outage_after=2s", "outage_for=3s", "exit=3");
        _clock.Advance(TimeSpan.FromSeconds(4));
        var e = Assert.ThrowsAsync<BackendException>(() => StateAsync(handle));
        Assert.That((e.Reason, e.IsTransient), Is.EqualTo((BackendFailureReason.Unreachable, true)));

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.That((await _backend.WaitForExitAsync(handle, _target, CancellationToken.None)).ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task OutputError_BreaksTheStreamOnce_AndGoesOnAtTheOffset()
    {
        var handle = await RunAsync("text=hello\\nworld\\n", "output_error_at=7");
        using var read = new MemoryStream();
        var e = Assert.ThrowsAsync<BackendException>(() => CopyAsync(handle, 0, read));

        Assert.That(e.IsTransient, Is.True);
        Assert.That(read.ToArray(), Is.EqualTo("hello\nw"u8.ToArray()));
        Assert.That(await ReadAsync(handle, 7), Is.EqualTo("orld\n"u8.ToArray()));
    }

    [Test]
    public async Task Wait_EndsWhenTheClockReachesTheEnd()
    {
        var handle = await RunAsync("run_for=90s", "oom=true", "signal=9");
        var wait = _backend.WaitForExitAsync(handle, _target, CancellationToken.None);
        await Eventually.BeAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return wait.IsCompleted;
            },
            "the program has ended");

        Assert.That(await wait, Is.EqualTo(new JobExit { ExitCode = 137, Signal = 9, OutOfMemory = true, OutputLength = 0, RunTime = TimeSpan.FromSeconds(90) }));
        Assert.That(_clock.GetUtcNow(), Is.GreaterThanOrEqualTo(new DateTimeOffset(2026, 1, 1, 0, 1, 30, TimeSpan.Zero)));
    }

    private Task<EnvironmentHandle> ProvisionAsync() =>
        _backend.ProvisionAsync(new ProvisionRequest { Target = _target, JobId = 1, Attempt = 1 }, CancellationToken.None);

    private Task StartAsync(EnvironmentHandle handle, params string[] words) =>
        _backend.StartAsync(handle, _target, new StartRequest { Command = ["fake", .. words], Payload = TarPayload.Of() }, CancellationToken.None);

    private async Task<EnvironmentHandle> RunAsync(params string[] words)
    {
        var handle = await ProvisionAsync();
        await StartAsync(handle, words);
        return handle;
    }

    private Task<EnvironmentState> StateAsync(EnvironmentHandle handle) => _backend.ReattachAsync(handle, _target, CancellationToken.None);

    private async Task<byte[]> ReadAsync(EnvironmentHandle handle, long offset, int atMost = int.MaxValue)
    {
        using var read = new MemoryStream();
        await CopyAsync(handle, offset, read, atMost);
        return read.ToArray();
    }

    private async Task CopyAsync(EnvironmentHandle handle, long offset, MemoryStream read, int atMost = int.MaxValue)
    {
        await foreach (var block in _backend.ReadOutputAsync(handle, _target, offset, CancellationToken.None))
        {
            read.Write(block.Span);
            if (read.Length >= atMost)
            {
                break;
            }
        }
    }
}

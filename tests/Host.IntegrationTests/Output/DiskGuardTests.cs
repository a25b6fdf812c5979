using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class DiskGuardTests
{
    private readonly FakeClock _clock = new();
    private readonly DiskOptions _options = new();
    private readonly InstanceFaults _faults = new();
    private TemporaryDirectory _directory = null!;
    private WakeUps _wakeUps = null!;
    private OutputStall _stall = null!;
    private DiskGuard _guard = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _wakeUps = new WakeUps(_clock);
        _stall = new OutputStall(NullLogger<OutputStall>.Instance, _clock);
        _guard = new DiskGuard(
            new DataDirectory(_directory.Path), _stall, _faults, _wakeUps, Options.Create(_options), _clock, NullLogger<DiskGuard>.Instance);
    }

    [TearDown]
    public void TearDown()
    {
        _guard.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void RoomEnough_LetsJobsIn()
    {
        _options.MinimumFreeBytes = 1;

        _guard.Look();

        Assert.That((_guard.CanClaim, _guard.Reason), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public async Task DiskNearlyFull_KeepsJobsAway_SaysSo_AndCallsWhenThereIsRoomAgain()
    {
        using var dispatch = _wakeUps.Subscribe(WakeUpNames.Dispatch);
        _options.MinimumFreeBytes = long.MaxValue;
        _guard.Look();

        Assert.That(_guard.CanClaim, Is.False);
        Assert.That(_guard.Reason, Does.StartWith("The disk of the data directory is nearly full: ").And.Contain("Disk:MinimumFreeBytes"));
        Assert.That(_faults.Text, Is.EqualTo(_guard.Reason));

        _options.MinimumFreeBytes = 0;
        _guard.Look();

        Assert.That(_guard.CanClaim, Is.True);
        Assert.That(_faults.Text, Is.Empty);
        await Eventually.EndAsync(dispatch.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None), "the call to the dispatcher");
    }

    [Test]
    public void OutputThatCannotBeStored_KeepsJobsAwayAtOnce()
    {
        _options.MinimumFreeBytes = 0;
        _stall.Begin("The database can't be written.");
        Assert.That(_guard.Reason, Is.EqualTo("The database can't be written."));

        _stall.End();
        _guard.Look();
        Assert.That(_guard.CanClaim, Is.True);
    }
}

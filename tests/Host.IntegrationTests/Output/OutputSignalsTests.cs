using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Output;

[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class OutputSignalsTests(DatabaseKind kind)
{
    private const long Job = 7;

    private TestDatabase _database = null!;
    private Host _writer = null!;
    private Host _reader = null!;

    [SetUp]
    public async Task StartTwoHostsAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _writer = await Host.StartAsync(_database);
        _reader = await Host.StartAsync(_database);
    }

    [TearDown]
    public async Task StopHostsAsync()
    {
        await _writer.DisposeAsync();
        await _reader.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task OutputWrittenOnOneHost_WakesAFollowerOnAnother()
    {
        using var watch = _reader.Signals.Follow(Job);
        var woken = watch.WaitAsync(CancellationToken.None);

        // The writer hears a moment later that somebody follows; from then on every write is told.
        await Eventually.BeAsync(
            () =>
            {
                _writer.Signals.Pulse(Job);
                return woken.IsCompleted;
            },
            "the follower on the other host is woken");
    }

    [Test]
    public async Task JobEndedOnOneHost_WakesAFollowerOnAnother()
    {
        using var watch = _reader.Signals.Follow(Job);
        var woken = watch.WaitAsync(CancellationToken.None);

        _writer.WakeUps.Pulse(WakeUpNames.JobFinished, $"{Job}");

        await Eventually.EndAsync(woken, "the wait of the follower on the other host");
    }

    private sealed class Host(WakeUps wakeUps, OutputSignals signals, PostgresWakeUps carrier, FollowedJobs followed) : IAsyncDisposable
    {
        public WakeUps WakeUps => wakeUps;

        public OutputSignals Signals => signals;

        public static async Task<Host> StartAsync(TestDatabase database)
        {
            var wakeUps = new WakeUps(database.Clock);
            var signals = new OutputSignals(wakeUps, database.Clock);
            var carrier = new PostgresWakeUps(database.Database, wakeUps, database.Clock, NullLogger<PostgresWakeUps>.Instance);
            var host = new Host(wakeUps, signals, carrier, new FollowedJobs(wakeUps, signals));
            using var listening = wakeUps.Subscribe("anything");
            await carrier.StartAsync(CancellationToken.None);
            await host._followed.StartAsync(CancellationToken.None);
            // It calls everybody once it listens: before, calls of others are lost.
            await Eventually.EndAsync(listening.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None), "the host begins to listen");
            return host;
        }

        private readonly FollowedJobs _followed = followed;

        public async ValueTask DisposeAsync()
        {
            await carrier.StopAsync(CancellationToken.None);
            await _followed.StopAsync(CancellationToken.None);
            carrier.Dispose();
            _followed.Dispose();
        }
    }
}

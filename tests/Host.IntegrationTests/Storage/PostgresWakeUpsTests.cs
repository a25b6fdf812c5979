using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContainerGroups.Host.IntegrationTests.Storage;

[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class PostgresWakeUpsTests(DatabaseKind kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private TestDatabase _database = null!;
    private (WakeUps WakeUps, PostgresWakeUps Carrier) _one;
    private (WakeUps WakeUps, PostgresWakeUps Carrier) _two;

    [SetUp]
    public async Task StartTwoHostsAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _one = await StartAsync();
        _two = await StartAsync();
    }

    [TearDown]
    public async Task StopHostsAsync()
    {
        foreach (var carrier in new[] { _one.Carrier, _two.Carrier })
        {
            await carrier.StopAsync(CancellationToken.None);
            carrier.Dispose();
        }

        await _database.DisposeAsync();
    }

    [Test]
    public async Task Pulse_OnOneHost_ArrivesOnTheOtherWithItsPayload()
    {
        using var subscription = _two.WakeUps.Subscribe("cancel");

        _one.WakeUps.Pulse("cancel", "42\nwith a line feed");

        var woken = await EndAsync(subscription.WaitAsync(Long, CancellationToken.None));
        Assert.That(woken.Payloads, Is.EqualTo(["42\nwith a line feed"]));
        Assert.That(woken.Everything, Is.False);
    }

    [Test]
    public async Task Pulse_WithAPayloadTooLongForNotify_ArrivesAsEverything()
    {
        using var subscription = _two.WakeUps.Subscribe("cancel");

        _one.WakeUps.Pulse("cancel", new string('x', 20_000));

        Assert.That((await EndAsync(subscription.WaitAsync(Long, CancellationToken.None))).Everything, Is.True);
    }

    [Test]
    public async Task Pulse_DoesNotComeBackToItsOwnHost()
    {
        using var echo = _one.WakeUps.Subscribe("a");
        using var answer = _one.WakeUps.Subscribe("answer");
        using var other = _two.WakeUps.Subscribe("a");

        _one.WakeUps.Pulse("a", "1");
        await echo.WaitAsync(Long, CancellationToken.None);
        await EndAsync(other.WaitAsync(Long, CancellationToken.None));
        // Notifications arrive in order: once the answer is here, an echo would be too.
        _two.WakeUps.Pulse("answer", "2");
        await EndAsync(answer.WaitAsync(Long, CancellationToken.None));

        Assert.That(echo.WaitAsync(Long, CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public async Task Connections_Lost_AreMadeAnewAndEverybodyIsWoken()
    {
        using var subscription = _two.WakeUps.Subscribe("cancel");
        using var bystander = _two.WakeUps.Subscribe("dispatch");

        await EndSessionsAsync();

        Assert.That((await EndAsync(bystander.WaitAsync(Long, CancellationToken.None))).Everything, Is.True);
        await EndAsync(subscription.WaitAsync(Long, CancellationToken.None));
        _one.WakeUps.Pulse("cancel", "7");
        Assert.That((await EndAsync(subscription.WaitAsync(Long, CancellationToken.None))).Payloads, Is.EqualTo(["7"]));
    }

    private async Task<(WakeUps WakeUps, PostgresWakeUps Carrier)> StartAsync()
    {
        var wakeUps = new WakeUps(TimeProvider.System);
        var carrier = new PostgresWakeUps(_database.Database, wakeUps, TimeProvider.System, NullLogger<PostgresWakeUps>.Instance);
        using var listening = wakeUps.Subscribe("any");
        await carrier.StartAsync(CancellationToken.None);
        // Everybody is woken when it begins to listen.
        await EndAsync(listening.WaitAsync(Long, CancellationToken.None));
        return (wakeUps, carrier);
    }

    private async Task EndSessionsAsync()
    {
        await using var connection = new NpgsqlConnection(_database.Settings["ConnectionStrings:Postgres"] + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<WakeUp> EndAsync(Task<WakeUp> wait)
    {
        await Eventually.EndAsync(wait, "the wait");
        return await wait;
    }
}

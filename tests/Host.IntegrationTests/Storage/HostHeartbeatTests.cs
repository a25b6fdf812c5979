using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class HostHeartbeatTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private readonly TestLifetime _lifetime = new();
    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;

    [SetUp]
    public async Task OpenDirectoryAsync()
    {
        _directory = new TemporaryDirectory();
        _data = new DataDirectory(_directory.File("data"));
        await _data.OpenAsync(CancellationToken.None);
    }

    [TearDown]
    public void CloseDirectory()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Host_ThatLives_SaysSo()
    {
        var identity = new HostIdentity("alive");
        var processes = await RegisteredAsync(identity);
        using var heartbeat = await StartAsync(processes, identity);

        Clock.Advance(HostProcesses.Period);

        await Eventually.BeAsync(async () => await LastSeenAsync("alive") == Clock.GetUtcNow().UtcDateTime, "the beat is stored");
        Assert.That(_lifetime.Stopped, Is.False);
        await heartbeat.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Host_WhoseNameWasTaken_Stops()
    {
        var identity = new HostIdentity("replaced");
        var processes = await RegisteredAsync(identity);
        using var heartbeat = await StartAsync(processes, identity);

        await RegisteredAsync(identity);
        Clock.Advance(HostProcesses.Period);

        await Eventually.BeAsync(() => _lifetime.Stopped, "the host stops");
        await heartbeat.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task BeatThatCannotBeStored_IsToldOnce_AndSoIsTheNextThatCan()
    {
        var identity = new HostIdentity("disturbed");
        var processes = await RegisteredAsync(identity);
        using var lines = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(lines));
        using var heartbeat = await StartAsync(processes, identity, factory.CreateLogger<HostHeartbeat>());
        await using (var db = Open())
        {
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE \"HostProcesses\" RENAME TO \"Elsewhere\"");
            Clock.Advance(HostProcesses.Period);
            await Eventually.BeAsync(() => lines.Text.Contains("The heartbeat can't be stored", StringComparison.Ordinal), "it is told");
            Clock.Advance(HostProcesses.Period);
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE \"Elsewhere\" RENAME TO \"HostProcesses\"");
        }

        Clock.Advance(HostProcesses.Period);

        await Eventually.BeAsync(() => lines.Text.Contains("stored again", StringComparison.Ordinal), "the end is told too");
        Assert.That(lines.Text.Split("can't be stored"), Has.Length.EqualTo(2), "once");
        Assert.That(lines.Text, Does.Not.Contain("   at "));
        await heartbeat.StopAsync(CancellationToken.None);
    }

    private async Task<HostProcesses> RegisteredAsync(HostIdentity identity)
    {
        var processes = new HostProcesses(Database.Retry, identity, _data, Clock, NullLogger<HostProcesses>.Instance);
        await processes.RegisterAsync(CancellationToken.None);
        return processes;
    }

    private async Task<HostHeartbeat> StartAsync(HostProcesses processes, HostIdentity identity, ILogger<HostHeartbeat>? logger = null)
    {
        var heartbeat = new HostHeartbeat(processes, identity, _lifetime, Clock, logger ?? NullLogger<HostHeartbeat>.Instance);
        await heartbeat.StartAsync(CancellationToken.None);
        await Eventually.BeAsync(() => Clock.WaitingTimers > 0, "the heartbeat waits for its time");
        return heartbeat;
    }

    private async Task<DateTime> LastSeenAsync(string hostname)
    {
        await using var db = Open();
        return await db.HostProcesses.Where(x => x.Hostname == hostname).Select(x => x.LastSeen).SingleAsync();
    }
}

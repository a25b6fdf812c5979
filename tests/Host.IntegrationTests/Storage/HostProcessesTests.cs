using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class HostProcessesTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private readonly List<IDisposable> _opened = [];
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void CloseAll()
    {
        _opened.ForEach(x => x.Dispose());
        _directory.Dispose();
    }

    [Test]
    public async Task Register_FirstHost_StoresIt()
    {
        await (await ProcessAsync("first", "a")).RegisterAsync(CancellationToken.None);

        await using var db = Open();
        var row = await db.HostProcesses.SingleAsync(x => x.Hostname == "first");
        Assert.That(row.LastSeen, Is.EqualTo(Clock.GetUtcNow().UtcDateTime));
    }

    [Test]
    public async Task Register_AfterAKillOnTheSameDataDirectory_IsAtOnce()
    {
        var data = await DirectoryAsync("same");
        var killed = new HostProcesses(Database.Retry, new HostIdentity("restarted"), data, Clock, NullLogger<HostProcesses>.Instance);
        await killed.RegisterAsync(CancellationToken.None);

        var next = new HostProcesses(Database.Retry, new HostIdentity("restarted"), data, Clock, NullLogger<HostProcesses>.Instance);
        await Eventually.EndAsync(next.RegisterAsync(CancellationToken.None), "the registration");

        Assert.That(await killed.BeatAsync(CancellationToken.None), Is.False);
        Assert.That(await next.BeatAsync(CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Register_WhileAnotherLivesByThatName_IsRefused()
    {
        var living = await ProcessAsync("twice", "a");
        await living.RegisterAsync(CancellationToken.None);

        var second = (await ProcessAsync("twice", "b")).RegisterAsync(CancellationToken.None);
        await Eventually.BeAsync(() => Clock.WaitingTimers > 0, "the second host watches the first");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await living.BeatAsync(CancellationToken.None);
        Clock.Advance(HostProcesses.Period);

        Assert.That(async () => await second, Throws.TypeOf<StorageException>().With.Message.Contains("twice").And.Message.Contains("--instance"));
        Assert.That(await living.BeatAsync(CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Register_AfterAnotherByThatNameFellSilent_TakesTheNameOver()
    {
        var gone = await ProcessAsync("moved", "a");
        await gone.RegisterAsync(CancellationToken.None);
        Clock.Advance(HostProcesses.SilentAfter);

        var next = await ProcessAsync("moved", "b");
        await Eventually.EndAsync(next.RegisterAsync(CancellationToken.None), "the registration");

        Assert.That(await gone.BeatAsync(CancellationToken.None), Is.False);
        Assert.That(await next.BeatAsync(CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Register_ByManyAtOnce_HasOneWinner()
    {
        var hosts = new List<HostProcesses>();
        for (var i = 0; i < 6; i++)
        {
            hosts.Add(await ProcessAsync("raced", $"raced{i}"));
        }

        using var stop = new CancellationTokenSource();

        var registrations = hosts.Select(x => Task.Run(() => x.RegisterAsync(stop.Token))).ToList();
        await Eventually.EndAsync(Task.WhenAny(registrations), "one registration");
        await stop.CancelAsync();
        await Task.WhenAll(registrations).ContinueWith(_ => { }, TaskScheduler.Default);

        var alive = 0;
        foreach (var host in hosts)
        {
            alive += await host.BeatAsync(CancellationToken.None) ? 1 : 0;
        }

        Assert.That(alive, Is.EqualTo(1));
    }

    private async Task<HostProcesses> ProcessAsync(string hostname, string directory) =>
        new(Database.Retry, new HostIdentity(hostname), await DirectoryAsync(directory), Clock, NullLogger<HostProcesses>.Instance);

    private async Task<DataDirectory> DirectoryAsync(string name)
    {
        var directory = new DataDirectory(_directory.File(name));
        await directory.OpenAsync(CancellationToken.None);
        _opened.Add(directory);
        return directory;
    }
}

using ContainerGroups.Host.Projects;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Projects;

public sealed class SnapshotCacheTests
{
    private readonly FakeClock _clock = new();
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task Directory_IsFilledOnce_ForManyAtOnce()
    {
        var (cache, fills) = (Cache(1), 0);
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cache.OpenAsync(
            "key",
            async (directory, token) =>
            {
                Interlocked.Increment(ref fills);
                await File.WriteAllTextAsync(Path.Combine(directory, "file"), "content", token);
            },
            CancellationToken.None)));

        Assert.That(fills, Is.EqualTo(1));
        Assert.That(leases.Select(l => File.ReadAllText(Path.Combine(l.Directory, "file"))), Is.All.EqualTo("content"));
    }

    [Test]
    public async Task FailedFilling_LeavesNothing_AndIsTriedAgain()
    {
        var cache = Cache(1);

        Assert.That(() => cache.OpenAsync("key", (_, _) => throw new IOException("broken"), CancellationToken.None), Throws.TypeOf<IOException>());
        Assert.That(Directory.GetFileSystemEntries(_directory.Path), Is.Empty);

        await using var lease = await cache.OpenAsync("key", FillAsync, CancellationToken.None);
        Assert.That(Directory.Exists(lease.Directory), Is.True);
    }

    [Test]
    public async Task UnusedDirectories_AreRemoved_OldestFirst_AndUsedOnesNever()
    {
        var cache = Cache(1);
        var used = await cache.OpenAsync("used", FillAsync, CancellationToken.None);
        foreach (var key in new[] { "a", "b", "c" })
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await using var lease = await cache.OpenAsync(key, FillAsync, CancellationToken.None);
        }

        Assert.That(Names(), Is.EquivalentTo(new[] { "c", "used" }));
        await used.DisposeAsync();
        await used.DisposeAsync();
        Assert.That(Names(), Is.EquivalentTo(new[] { "c" }));
    }

    [Test]
    public async Task LeftoversOfADeadProcess_AreRemovedAtTheFirstUse()
    {
        Directory.CreateDirectory(_directory.File(".unfinished-1"));
        Directory.CreateDirectory(_directory.File("whole"));

        await using var lease = await Cache(5).OpenAsync("key", FillAsync, CancellationToken.None);

        Assert.That(Names(), Is.EquivalentTo(new[] { "key", "whole" }));
    }

    private SnapshotCache Cache(int keep) => new(_directory.Path, keep, _clock);

    private static Task FillAsync(string directory, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(directory, "file"), "", cancellationToken);

    private IEnumerable<string?> Names() => Directory.GetDirectories(_directory.Path).Select(Path.GetFileName);
}

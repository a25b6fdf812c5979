using ContainerGroups.Host.Files;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.Tests.Files;

internal sealed class FileChangesTests
{
    private static readonly FileChangesPace Quick = new() { Rest = TimeSpan.FromMilliseconds(20), Rescan = TimeSpan.FromMinutes(10) };

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task FileBelow_IsTold()
    {
        Directory.CreateDirectory(_directory.File("a/b"));
        using var changes = await WatchAsync(_directory.File("a"));
        await File.WriteAllTextAsync(_directory.File("a/b/c.txt"), "");
        await Eventually.EndAsync(changes.WaitAsync(CancellationToken.None), "the wait for a change");
    }

    [Test]
    public async Task DirectoryThatIsNotThereYet_IsWatchedOnceItIs()
    {
        using var changes = await WatchAsync(_directory.File("a/b"));
        Directory.CreateDirectory(_directory.File("a/b/c"));
        await Eventually.EndAsync(changes.WaitAsync(CancellationToken.None), "the wait for the directory");
        await SettleAsync(changes);

        await File.WriteAllTextAsync(_directory.File("a/b/c/d.txt"), "");
        await Eventually.EndAsync(changes.WaitAsync(CancellationToken.None), "the wait for a file in it");
    }

    [Test]
    public async Task NoChange_EndsWithTheRescan()
    {
        using var changes = new FileChanges([_directory.Path], Quick with { Rescan = TimeSpan.FromMilliseconds(50) }, TimeProvider.System, NullLogger.Instance);
        await changes.WaitAsync(CancellationToken.None);
        await Eventually.EndAsync(changes.WaitAsync(CancellationToken.None), "the rescan");
    }

    [Test]
    public async Task CallersToken_EndsTheWait()
    {
        using var changes = await WatchAsync(_directory.Path);
        using var stop = new CancellationTokenSource();
        var waiting = changes.WaitAsync(stop.Token);
        Assert.That(waiting.IsCompleted, Is.False);
        await stop.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<FileChanges> WatchAsync(string directory)
    {
        var changes = new FileChanges([directory], Quick, TimeProvider.System, NullLogger.Instance);
        await SettleAsync(changes);
        return changes;
    }

    /// <summary>Takes what is told of the watch's own beginning, and of directories that were made.</summary>
    private static async Task SettleAsync(FileChanges changes)
    {
        changes.Signal();
        await changes.WaitAsync(CancellationToken.None);
    }
}

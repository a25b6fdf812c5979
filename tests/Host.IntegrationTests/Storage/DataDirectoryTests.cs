using System.Diagnostics;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class DataDirectoryTests
{
    private TemporaryDirectory _parent = null!;

    private string Data => _parent.File("data");

    [SetUp]
    public void MakeParent() => _parent = new TemporaryDirectory();

    [TearDown]
    public void RemoveParent() => _parent.Dispose();

    [Test]
    public async Task Open_MissingDirectory_MakesItForTheOwnerAlone()
    {
        using var directory = await OpenAsync();

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.That(File.GetUnixFileMode(Data), Is.EqualTo(owner));
        Assert.That(File.GetUnixFileMode(directory.Temporary), Is.EqualTo(owner));
        Assert.That(File.GetUnixFileMode(directory.Subdirectory("snapshots")), Is.EqualTo(owner));
    }

    [Test]
    public void SubdirectoryOfAMissingDirectory_MakesBothForTheOwnerAlone()
    {
        using var directory = new DataDirectory(Data);

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.That(File.GetUnixFileMode(directory.Subdirectory("cache")), Is.EqualTo(owner));
        Assert.That(File.GetUnixFileMode(Data), Is.EqualTo(owner));
    }

    [Test]
    public void SubdirectoryWhereAFileIs_SaysWhichDirectory()
    {
        File.WriteAllText(Data, "");
        using var directory = new DataDirectory(Data);

        Assert.That(() => directory.Subdirectory("cache"), Throws.TypeOf<StorageException>().With.Message.Contains(Data));
    }

    [Test]
    public async Task Open_DirectoryOfALivingHost_IsRefusedNamingIt()
    {
        using var first = await OpenAsync();

        Assert.That(OpenAsync, Throws.TypeOf<StorageException>()
            .With.Message.Contains(Data).And.Message.Contains($"process {Environment.ProcessId}"));
        Assert.That(DataDirectory.IsInUse(Data), Is.True);
    }

    [Test]
    public async Task Open_AfterTheHostEnded_KeepsTheId()
    {
        Guid id;
        using (var first = await OpenAsync())
        {
            id = first.Id;
        }

        Assert.That(DataDirectory.IsInUse(Data), Is.False);
        using var second = await OpenAsync();
        Assert.That(second.Id, Is.EqualTo(id));
    }

    [Test]
    public async Task Open_AfterTheHostWasKilled_IsNotBlocked()
    {
        Directory.CreateDirectory(Data);
        using var holder = Process.Start(new ProcessStartInfo("flock", ["--no-fork", Path.Combine(Data, "host.lock"), "cat"])
        {
            RedirectStandardInput = true,
        })!;
        await Eventually.BeAsync(() => DataDirectory.IsInUse(Data), "the other process holds the lock");

        holder.Kill();
        await holder.WaitForExitAsync();

        using var directory = await OpenAsync();
        Assert.That(directory.Root, Is.EqualTo(Data));
    }

    [Test]
    public async Task Open_WithLeftovers_EmptiesTheTemporaryDirectoryAndNothingElse()
    {
        var outside = _parent.File("outside");
        Directory.CreateDirectory(Path.Combine(Data, "tmp", "a", "b"));
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "kept"), "");
        File.WriteAllText(Path.Combine(Data, "kept"), "");
        File.WriteAllText(Path.Combine(Data, "tmp", "a", "b", "left"), "");
        File.CreateSymbolicLink(Path.Combine(Data, "tmp", "link"), outside);

        using var directory = await OpenAsync();

        Assert.That(Directory.EnumerateFileSystemEntries(directory.Temporary), Is.Empty);
        Assert.That(File.Exists(Path.Combine(outside, "kept")) && File.Exists(Path.Combine(Data, "kept")), Is.True);
    }

    [Test]
    public void Open_WhereAFileIs_SaysWhichDirectory()
    {
        File.WriteAllText(Data, "");

        Assert.That(OpenAsync, Throws.TypeOf<StorageException>().With.Message.Contains(Data));
    }

    private async Task<DataDirectory> OpenAsync()
    {
        var directory = new DataDirectory(Data);
        await directory.OpenAsync(CancellationToken.None);
        return directory;
    }
}

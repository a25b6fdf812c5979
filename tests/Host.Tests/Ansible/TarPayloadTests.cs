using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Ansible;

public sealed class TarPayloadTests
{
    private TemporaryDirectory _directory = null!;
    private string _project = "";

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _project = Directory.CreateDirectory(_directory.File("project")).FullName;
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task Project_ArrivesWithItsFilesModesAndInnerLinks()
    {
        Write("site.yml", "- hosts: all");
        Write("roles/a/tasks/main.yml", "[]");
        Write(new string('d', 90) + "/" + new string('f', 90) + "ü.txt", "long");
        File.SetUnixFileMode(Write("run.sh", "#!/bin/sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Path.Combine(_project, "empty"));
        File.CreateSymbolicLink(Path.Combine(_project, "roles/b"), "a");

        var entries = await PackAsync();

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(entries["project/site.yml"].Content), Is.EqualTo("- hosts: all"));
            Assert.That(entries, Contains.Key("project/roles/a/tasks/main.yml"));
            Assert.That(entries, Contains.Key($"project/{new string('d', 90)}/{new string('f', 90)}ü.txt"));
            Assert.That(entries["project/run.sh"].Mode.HasFlag(UnixFileMode.UserExecute), Is.True);
            Assert.That(entries["project/site.yml"].Mode.HasFlag(UnixFileMode.UserExecute), Is.False);
            Assert.That(entries["project/empty/"].Type, Is.EqualTo(TarEntryType.Directory));
            Assert.That((entries["project/roles/b"].Type, entries["project/roles/b"].Link), Is.EqualTo((TarEntryType.SymbolicLink, "a")));
        });
    }

    [Test]
    public void ProjectThatIsGone_IsToldAsAFaultOfTheJob()
    {
        Directory.Delete(_project);

        Assert.That(PackAsync, Throws.InstanceOf<ProgramBuildException>().With.Message.StartsWith("The project's files can't be read: "));
    }

    [TestCase("/etc/passwd")]
    [TestCase("../outside")]
    [TestCase("a/../../outside")]
    public async Task LinkThatLeadsOut_IsLeftOut(string target)
    {
        Write("site.yml", "");
        File.CreateSymbolicLink(Path.Combine(_project, "link"), target);

        Assert.That(await PackAsync(), Does.Not.ContainKey("project/link").And.ContainKey("project/site.yml"));
    }

    [Test]
    public async Task Archive_IsItsOwnersAlone_AsLongAndAsHashedAsItSays_AndGoneAfterUse()
    {
        Write("site.yml", "x");
        await using var writer = TarPayloadWriter.Create(_directory.Path);
        await writer.AddFileAsync("env/extravars", "password: secret", CancellationToken.None);
        await writer.AddFileAsync("large", new byte[1 << 20], CancellationToken.None);
        var payload = await writer.FinishAsync(CancellationToken.None);
        var file = Directory.GetFiles(_directory.Path, "payload-*").Single();

        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await using (var first = await payload.OpenAsync(CancellationToken.None))
        await using (var second = await payload.OpenAsync(CancellationToken.None))
        {
            Assert.That(first.Length, Is.EqualTo(payload.Length));
            Assert.That(Convert.ToHexStringLower(await SHA256.HashDataAsync(second)), Is.EqualTo(payload.Sha256));
            first.Position = 0;
            Assert.That(await NamesAsync(first), Is.EqualTo((string[])["env/", "env/extravars", "large"]));
        }

        await payload.DisposeAsync();
        Assert.That(Directory.GetFiles(_directory.Path, "payload-*"), Is.Empty);
    }

    [Test]
    public async Task SmallArchive_NeverReachesTheDisk()
    {
        await using var writer = TarPayloadWriter.Create(_directory.Path);
        await writer.AddFileAsync("env/extravars", "password: secret", CancellationToken.None);
        await using var payload = await writer.FinishAsync(CancellationToken.None);
        await using var first = await payload.OpenAsync(CancellationToken.None);
        await using var second = await payload.OpenAsync(CancellationToken.None);

        Assert.That(Directory.GetFiles(_directory.Path, "payload-*"), Is.Empty);
        Assert.That(first.Length, Is.EqualTo(payload.Length));
        Assert.That(Convert.ToHexStringLower(await SHA256.HashDataAsync(second)), Is.EqualTo(payload.Sha256));
        Assert.That(await NamesAsync(first), Is.EqualTo((string[])["env/", "env/extravars"]));
    }

    [Test]
    public async Task ArchiveThatWasNotFinished_LeavesNothing()
    {
        await using (var writer = TarPayloadWriter.Create(_directory.Path))
        {
            await writer.AddFileAsync("a", "b", CancellationToken.None);
        }

        Assert.That(Directory.GetFiles(_directory.Path, "payload-*"), Is.Empty);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_project, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<Dictionary<string, Packed>> PackAsync()
    {
        await using var writer = TarPayloadWriter.Create(_directory.Path);
        await writer.AddDirectoryAsync(_project, "project/", CancellationToken.None);
        await using var payload = await writer.FinishAsync(CancellationToken.None);
        await using var reader = new TarReader(await payload.OpenAsync(CancellationToken.None));
        var entries = new Dictionary<string, Packed>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            var content = new MemoryStream();
            await (entry.DataStream?.CopyToAsync(content) ?? Task.CompletedTask);
            entries.Add(entry.Name, new Packed(entry.EntryType, entry.Mode, entry.LinkName, content.ToArray()));
        }

        return entries;
    }

    private static async Task<List<string>> NamesAsync(Stream archive)
    {
        await using var reader = new TarReader(archive, leaveOpen: true);
        var names = new List<string>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private sealed record Packed(TarEntryType Type, UnixFileMode Mode, string Link, byte[] Content);
}

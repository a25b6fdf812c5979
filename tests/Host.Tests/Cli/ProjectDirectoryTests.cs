using System.Formats.Tar;
using System.IO.Compression;
using ContainerGroups.Host.Cli;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class ProjectDirectoryTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Scan_LeavesOutHistoryAndTheServersData()
    {
        Write("p/site.yml");
        Write("p/.git/config");
        Write("p/roles/x/.git/HEAD");
        Write("p/roles/x/tasks/main.yml");
        Write("p/data/containergroups.db");
        Write("p/.hidden");

        Assert.That(Names(), Is.EqualTo(new[] { ".hidden", "roles/x/tasks/main.yml", "site.yml" }));
    }

    [Test]
    public void Scan_FollowsLinks_EvenInCircles()
    {
        Write("elsewhere/shared.yml");
        Write("p/site.yml");
        File.CreateSymbolicLink(_directory.File("p/link.yml"), _directory.File("elsewhere/shared.yml"));
        Directory.CreateSymbolicLink(_directory.File("p/common"), _directory.File("elsewhere"));
        Directory.CreateSymbolicLink(_directory.File("p/circle"), _directory.File("p"));
        File.CreateSymbolicLink(_directory.File("p/dangling"), _directory.File("nowhere"));

        Assert.That(Names(), Is.EqualTo(new[] { "common/shared.yml", "link.yml", "site.yml" }));
    }

    [Test]
    public void AddedFiles_TakeTheirPlace_UnlessItIsTaken()
    {
        Write("p/site.yml");
        Write("p/group_vars/all.yml", "the playbook's");
        Write("inventory/group_vars/all.yml", "the inventory's");
        Write("inventory/group_vars/web/main.yml");
        var project = Scan();

        var hidden = project.Add(_directory.File("inventory/group_vars"), "group_vars");

        Assert.That(hidden, Is.EqualTo(new[] { "group_vars/all.yml" }));
        Assert.That(project.Files.Select(file => file.Name), Is.EqualTo(new[] { "group_vars/all.yml", "group_vars/web/main.yml", "site.yml" }));
        Assert.That(File.ReadAllText(project.Files.First().Path), Is.EqualTo("the playbook's"));
    }

    [Test]
    public async Task Digest_IsOfNamesContentsAndTheExecutableBit()
    {
        Write("p/a", "one");
        Write("p/b", "two");
        var before = await DigestAsync();
        File.SetLastWriteTimeUtc(_directory.File("p/a"), DateTime.UnixEpoch);
        Assert.That(await DigestAsync(), Is.EqualTo(before), "a time is no content");

        var others = new List<string> { before };
        Write("p/b", "twO");
        others.Add(await DigestAsync());
        File.Move(_directory.File("p/b"), _directory.File("p/c"));
        others.Add(await DigestAsync());
        File.SetUnixFileMode(_directory.File("p/c"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        others.Add(await DigestAsync());
        Assert.That(others, Is.Unique);
    }

    [Test]
    public async Task Archive_HoldsTheFilesByteForByte()
    {
        Write("p/site.yml", "- hosts: all\n");
        Write("p/empty", "");
        Write($"p/{new string('d', 150)}/deep", "deep");
        File.SetUnixFileMode(_directory.File("p/site.yml"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var content = new ArchiveContent(Scan());
        await using var gzip = new GZipStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var found = new Dictionary<string, (string Text, UnixFileMode Mode)>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            Assert.That(entry.EntryType, Is.EqualTo(TarEntryType.RegularFile));
            found[entry.Name] = (entry.DataStream is null ? "" : await new StreamReader(entry.DataStream).ReadToEndAsync(), entry.Mode);
        }

        Assert.That(found.ToDictionary(f => f.Key, f => f.Value.Text), Is.EqualTo(new Dictionary<string, string>
        {
            ["site.yml"] = "- hosts: all\n",
            ["empty"] = "",
            [$"{new string('d', 150)}/deep"] = "deep",
        }));
        Assert.That(found["site.yml"].Mode.HasFlag(UnixFileMode.UserExecute), Is.True);
    }

    private IEnumerable<string> Names() => Scan().Files.Select(file => file.Name);

    private ProjectDirectory Scan() => ProjectDirectory.Scan(_directory.File("p"), _directory.File("p/data"));

    private Task<string> DigestAsync() => Scan().DigestAsync(CancellationToken.None);

    private void Write(string name, string text = "x")
    {
        var path = _directory.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using ContainerGroups.Host.Projects;
using ContainerGroups.Tests.Shared;
using static ContainerGroups.Host.Tests.Projects.ArchiveMaker;

namespace ContainerGroups.Host.Tests.Projects;

public sealed class ProjectArchiveTests
{
    private const string Play = "- hosts: all\n";

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task TarGz_OfAProject_IsUnpackedWithItsPlaybooksFound()
    {
        var archive = TarGz(
            new PaxTarEntry(TarEntryType.Directory, "./"),
            TarFile("./site.yml", Play),
            TarFile("roles/web/tasks/main.yml", Play),
            TarFile("bin/run.sh", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserExecute),
            TarFile(new string('d', 120) + "/" + new string('f', 200) + ".txt", "long"));

        var playbooks = await CheckAsync(archive);
        await UnpackAsync(archive);

        Assert.Multiple(() =>
        {
            Assert.That(playbooks, Is.EqualTo(new[] { "site.yml" }));
            Assert.That(File.ReadAllText(Unpacked("site.yml")), Is.EqualTo(Play));
            Assert.That(File.GetUnixFileMode(Unpacked("bin/run.sh")).HasFlag(UnixFileMode.UserExecute), Is.True);
            Assert.That(File.GetUnixFileMode(Unpacked("site.yml")).HasFlag(UnixFileMode.UserExecute), Is.False);
            Assert.That(File.ReadAllText(Unpacked(new string('d', 120) + "/" + new string('f', 200) + ".txt")), Is.EqualTo("long"));
        });
    }

    [Test]
    public async Task Zip_OfAProject_IsUnpackedWithItsPlaybooksFound()
    {
        var archive = Zip(("sub/", "", 0x41ED << 16), ("sub/site.yaml", Play, 0), ("run.sh", "#!", 0x81ED << 16));

        Assert.That(await CheckAsync(archive), Is.EqualTo(new[] { "sub/site.yaml" }));
        await UnpackAsync(archive);

        Assert.That(File.ReadAllText(Unpacked("sub/site.yaml")), Is.EqualTo(Play));
        Assert.That(File.GetUnixFileMode(Unpacked("run.sh")).HasFlag(UnixFileMode.UserExecute), Is.True);
    }

    [TestCase("/etc/passwd", "has an absolute path")]
    [TestCase("C:/x", "has an absolute path")]
    [TestCase("../x", "has \"..\" in its path")]
    [TestCase("a/../../x", "has \"..\" in its path")]
    [TestCase("a/..", "has \"..\" in its path")]
    [TestCase("a\\..\\x", "has a backslash in its name")]
    public void EntryThatReachesOut_IsRefusedByName(string name, string cause)
    {
        foreach (var archive in new[] { TarGz(TarFile("ok"), TarFile(name)), Zip(("ok", "", 0), (name, "x", 0)) })
        {
            Assert.That(() => CheckAsync(archive), Throws.TypeOf<ArchiveRefusedException>()
                .With.Message.StartsWith($"The entry \"{name}\" {cause}"));
        }
    }

    [Test]
    public void Links_Devices_AndTheLike_AreRefusedByName() => Assert.Multiple(() =>
    {
        Refused(TarGz(TarLink("l", "/etc")), "The entry \"l\" is a symbolic link");
        Refused(TarGz(TarFile("a"), TarLink("l", "a", TarEntryType.HardLink)), "The entry \"l\" is a hard link");
        Refused(TarGz(new PaxTarEntry(TarEntryType.CharacterDevice, "d")), "The entry \"d\" is a device");
        Refused(TarGz(new PaxTarEntry(TarEntryType.BlockDevice, "d")), "The entry \"d\" is a device");
        Refused(TarGz(new PaxTarEntry(TarEntryType.Fifo, "p")), "The entry \"p\" is a named pipe");
        Refused(Zip(("l", "/etc", SymbolicLink)), "The entry \"l\" is a link or a device");
        Refused(Zip(("d", "", Device)), "The entry \"d\" is a link or a device");
        Refused(Zip(("a\nb", "", 0)), "The entry \"a\uFFFDb\" has a name with control characters");
    });

    [Test]
    public void NamesThatCollide_AreRefused() => Assert.Multiple(() =>
    {
        Refused(TarGz(TarFile("a"), TarFile("./a")), "The entry \"./a\" is there twice");
        Refused(Zip(("a", "", 0), ("a", "", 0)), "The entry \"a\" is there twice");
        Refused(TarGz(TarFile("a"), TarFile("a/b")), "The entry \"a/b\" lies below \"a\", which is a file");
        Refused(TarGz(TarFile("a/b"), TarFile("a")), "The entry \"a\" is there twice");
    });

    [Test]
    public void MoreThanTheLimits_IsRefused()
    {
        var zeros = new string('0', 1 << 20);
        Assert.Multiple(() =>
        {
            Refused(TarGz(TarFile("a"), TarFile("b"), TarFile("c")), "The entry \"c\" is one too many", o => o.MaxArchiveEntries = 2);
            Refused(Zip(("a", "", 0), ("b", "", 0), ("c", "", 0)), "more entries than are taken", o => o.MaxArchiveEntries = 2);
            Refused(Zip(("a", "1234", 0), ("b", "5678", 0)), "The entry \"b\" makes the archive unpack to more than 6 bytes", o => o.MaxUnpackedBytes = 6);
            Refused(TarGz(TarFile("a", zeros), TarFile("b", zeros)), "The entry \"b\" makes the archive unpack to more than 1048580 bytes", o => o.MaxUnpackedBytes = zeros.Length + 4);
        });
    }

    [Test]
    public void Bombs_AreRefusedByTheirRatio()
    {
        var zeros = new string('0', 40 << 20);
        Assert.Multiple(() =>
        {
            Refused(TarGz(TarFile("a", zeros)), "The entry \"a\" makes the archive unpack to more than 200 times its length");
            Refused(Zip(("a", zeros, 0)), "The entry \"a\" makes the archive unpack to more than 200 times its length");
        });
    }

    [Test]
    public void ExtendedHeaders_ThatWouldFillTheMemory_OrHideEntries_AreRefused()
    {
        var broken = "99 x"u8.ToArray();
        byte[] records = [.. "11 size=99\n"u8, .. new byte[512 - 11]];
        Assert.Multiple(() =>
        {
            Refused(Gzip([.. TarHeader("pax", 'x', 1L << 30)]), "The entry \"pax\" has an extended header of more than");
            Refused(Gzip([.. TarHeader("long", 'L', 1L << 30)]), "The entry \"long\" has an extended header of more than");
            Refused(Gzip([.. TarHeader("pax", 'x', 11), .. records, .. TarHeader("f", '0', 0), .. new byte[1024]]), "The entry \"pax\" has a length that only an extended header tells");
            Refused(Gzip([.. TarHeader("pax", 'x', broken.Length), .. broken, .. new byte[508]]), "The entry \"pax\" is damaged");
        });
    }

    [Test]
    public void SomethingElse_IsRefused() => Assert.Multiple(() =>
    {
        Refused("- hosts: all"u8.ToArray(), "It is neither a tar.gz nor a zip archive.");
        Refused([], "It is neither a tar.gz nor a zip archive.");
        Refused(Gzip("no tar"u8.ToArray()), "It is not a tar archive");
        Refused(Gzip(Encoding.ASCII.GetBytes(new string('x', 2000))), "The entry \"xxx");
        Refused("PK\u0003\u0004 and nothing else"u8.ToArray(), "It is not a zip archive");
    });

    [Test]
    public void ZipThatLiesAboutItsContent_IsRefused()
    {
        var archive = Zip(("a", "0123456789", 0));
        var directory = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(directory + 16), 12345);

        Refused(archive, "The entry \"a\" is damaged");
    }

    [Test]
    public async Task AnyDamage_IsRefused_OrHarmless([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        byte[][] good =
        [
            TarGz(TarFile("a/b", new string('b', 3000)), TarFile("c", Play)),
            TarGz(TarEntryFormat.Gnu, new GnuTarEntry(TarEntryType.RegularFile, new string('n', 150)) { DataStream = new MemoryStream(new byte[700]) }),
            Zip(("a/b", new string('b', 3000), 0), ("c", Play, 0)),
        ];
        for (var i = 0; i < 60; i++)
        {
            var archive = good[random.Next(good.Length)].ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
            {
                archive[random.Next(archive.Length)] = (byte)random.Next(256);
            }

            archive = archive[..random.Next(archive.Length / 2, archive.Length + 1)];
            var target = Path.Combine(_directory.Path, "outer", $"{i}");
            try
            {
                await UnpackAsync(archive, target);
            }
            catch (ArchiveRefusedException)
            {
                // What is refused may have left a part inside of its directory, and nowhere else.
            }
        }

        Assert.That(Directory.GetFileSystemEntries(_directory.Path).Select(Path.GetFileName), Is.SubsetOf(new[] { "outer", "archive" }));
        Assert.That(Directory.GetFiles(Path.Combine(_directory.Path, "outer")), Is.Empty);
    }

    private static void Refused(byte[] archive, string message, Action<ProjectsOptions>? limits = null) => Assert.That(
        () => CheckAsync(archive, limits), Throws.TypeOf<ArchiveRefusedException>().With.Message.Contains(message));

    private static async Task<IReadOnlyList<string>> CheckAsync(byte[] archive, Action<ProjectsOptions>? limits = null)
    {
        using var directory = new TemporaryDirectory();
        await using var file = await OpenAsync(archive, directory.File("archive"));
        var options = new ProjectsOptions();
        limits?.Invoke(options);
        return await new ProjectArchive(options).CheckAsync(file, CancellationToken.None);
    }

    private async Task UnpackAsync(byte[] archive, string? target = null)
    {
        await using var file = await OpenAsync(archive, _directory.File("archive"));
        target ??= Unpacked("");
        Directory.CreateDirectory(target);
        await new ProjectArchive(new ProjectsOptions()).UnpackAsync(file, target, CancellationToken.None);
    }

    private string Unpacked(string name) => Path.Combine(_directory.File("unpacked"), name);

    private static async Task<FileStream> OpenAsync(byte[] content, string path)
    {
        await File.WriteAllBytesAsync(path, content);
        return File.OpenRead(path);
    }
}

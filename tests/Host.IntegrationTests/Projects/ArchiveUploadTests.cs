using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Projects;

public sealed class ArchiveUploadTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private ProjectsRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new ProjectsRig(Database);

    [TearDown]
    public ValueTask TearDownAsync() => _rig.DisposeAsync();

    [Test]
    public async Task Archive_IsStored_AndUnpackedOnAnyHost()
    {
        var project = await _rig.AddAsync(new Project { ScmType = ScmTypes.Archive });
        var noise = new byte[3 << 20];
        new Random(1).NextBytes(noise);
        var archive = Archive(("site.yml", "- hosts: all\n"u8.ToArray()), ("noise", noise));

        var digest = await TakeAsync(project.Id, archive);

        var after = await _rig.FindAsync(project.Id);
        Assert.That(digest, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(archive))));
        Assert.That((after.ScmRevision, after.Status, after.PlaybookFiles), Is.EqualTo((digest, JobStatuses.Successful, "[\"site.yml\"]")));
        await using var other = new ProjectsRig(Database, "there");
        await using var snapshot = await other.Files.OpenAsync(after, null, CancellationToken.None);
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(snapshot.Directory, "noise")), Is.EqualTo(noise));
        Assert.That(Directory.GetFiles(_rig.Paths.Uploads), Is.Empty);
    }

    [Test]
    public async Task RefusedArchive_ChangesNothing()
    {
        var project = await _rig.AddAsync(new Project { ScmType = ScmTypes.Archive });
        var digest = await TakeAsync(project.Id, Archive(("site.yml", "- hosts: all\n"u8.ToArray())));

        Assert.That(() => TakeAsync(project.Id, Archive(("../x", []))), Throws.TypeOf<ArchiveRefusedException>());
        _rig.Options.MaxArchiveBytes = 10;
        Assert.That(() => TakeAsync(project.Id, Archive(("x", []))), Throws.TypeOf<ArchiveRefusedException>().With.Message.Contains("longer than 10 bytes"));

        Assert.That((await _rig.FindAsync(project.Id)).ScmRevision, Is.EqualTo(digest));
        Assert.That(await DigestsAsync(project.Id), Is.EqualTo(new[] { digest }));
        Assert.That(Directory.GetFiles(_rig.Paths.Uploads), Is.Empty);
    }

    [Test]
    public async Task UploadThatWasCutOff_IsCompletedByTheNext()
    {
        var project = await _rig.AddAsync(new Project { ScmType = ScmTypes.Archive });
        var noise = new byte[(2 << 20) + 5];
        new Random(2).NextBytes(noise);
        var archive = Archive(("noise", noise));
        var digest = Convert.ToHexStringLower(SHA256.HashData(archive));
        await _rig.Archives.StoreAsync(project.Id, digest, new MemoryStream(archive[..(1 << 20)]), CancellationToken.None);

        await TakeAsync(project.Id, archive);

        await using var file = await _rig.Archives.OpenAsync(project, digest, CancellationToken.None);
        Assert.That(file.Length, Is.EqualTo(archive.Length));
    }

    [Test]
    public async Task OldArchives_GoAfterAWhile_UnlessAJobNeedsThem()
    {
        var project = await _rig.AddAsync(new Project { ScmType = ScmTypes.Archive });
        var needed = await TakeAsync(project.Id, Archive(("a", [])));
        await TakeAsync(project.Id, Archive(("b", [])));
        var current = await TakeAsync(project.Id, Archive(("c", [])));
        await using (var db = Open())
        {
            db.Jobs.Add(new Job { Name = "j", ProjectId = project.Id, ScmRevision = needed!, Status = JobStatuses.Running });
            await db.SaveChangesAsync();
        }

        Assert.That(await DigestsAsync(project.Id), Has.Count.EqualTo(3));
        Clock.Advance(TimeSpan.FromHours(2));
        await _rig.Archives.RemoveUnusedAsync(CancellationToken.None);

        Assert.That(await DigestsAsync(project.Id), Is.EquivalentTo(new[] { needed, current }));
    }

    [Test]
    public async Task ProjectOfAnotherKind_TakesNone()
    {
        var project = await _rig.AddAsync(new Project());

        Assert.That(await TakeAsync(project.Id, Archive(("a", []))), Is.Null);
    }

    private Task<string?> TakeAsync(long projectId, byte[] archive) =>
        _rig.Uploads.TakeAsync(projectId, new MemoryStream(archive), CancellationToken.None);

    private async Task<List<string>> DigestsAsync(long projectId)
    {
        await using var db = Open();
        return await db.ProjectArchiveChunks.Where(c => c.ProjectId == projectId).Select(c => c.Digest).Distinct().ToListAsync();
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return packed.ToArray();
    }
}

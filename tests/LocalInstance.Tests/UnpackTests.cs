using System.Formats.Tar;
using System.Runtime.InteropServices;
using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;
using ContainerGroups.LocalInstance.Files;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>Archives come from users; nothing in one may reach out of the job's directory.</summary>
public sealed class UnpackTests
{
    private static readonly TestCaseData[] Bad =
    [
        new TestCaseData(new PaxTarEntry(TarEntryType.RegularFile, "/etc/evil") { DataStream = Content() }).SetArgDisplayNames("absolute"),
        new TestCaseData(new PaxTarEntry(TarEntryType.RegularFile, "a/../../evil") { DataStream = Content() }).SetArgDisplayNames("parent"),
        new TestCaseData(new PaxTarEntry(TarEntryType.Directory, "../evil")).SetArgDisplayNames("directory"),
        new TestCaseData(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "/etc/passwd" }).SetArgDisplayNames("absolute link"),
        new TestCaseData(new PaxTarEntry(TarEntryType.SymbolicLink, "a/link") { LinkName = "../../evil" }).SetArgDisplayNames("parent link"),
        new TestCaseData(new PaxTarEntry(TarEntryType.HardLink, "link") { LinkName = "other" }).SetArgDisplayNames("hard link"),
        new TestCaseData(new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }).SetArgDisplayNames("device"),
        new TestCaseData(new PaxTarEntry(TarEntryType.Fifo, "pipe")).SetArgDisplayNames("fifo"),
    ];

    [TestCaseSource(nameof(Bad))]
    public async Task EntryThatLeadsOut_IsRefusedAndNothingStarts(TarEntry entry)
    {
        await using var run = await LocalRun.ProvisionAsync();
        var request = new StartRequest { Command = ["true"], Payload = TarPayload.OfEntries([entry]) };

        var failure = Assert.ThrowsAsync<BackendException>(() => run.StartAsync(request));

        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(failure.IsTransient, Is.False);
        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.NotStarted));
        Assert.That(Directory.Exists(run.Directory.Work), Is.False);
    }

    [Test]
    public async Task FileBehindALink_IsNotWrittenThroughIt()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var payload = TarPayload.OfEntries(
        [
            new PaxTarEntry(TarEntryType.Directory, "real"),
            new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "real" },
            new PaxTarEntry(TarEntryType.RegularFile, "link/file") { DataStream = Content() },
        ]);

        Assert.ThrowsAsync<BackendException>(() => run.StartAsync(new StartRequest { Command = ["true"], Payload = payload }));
        Assert.That(Directory.EnumerateFiles(run.Directory.Path, "file", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task GoodArchive_IsUnpackedWithModesTimesAndLinks()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var time = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var payload = TarPayload.OfEntries(
        [
            new PaxTarEntry(TarEntryType.Directory, "./closed/") { Mode = (UnixFileMode)0x16D },
            new PaxTarEntry(TarEntryType.RegularFile, "./closed/file") { DataStream = Content(), Mode = (UnixFileMode)0x9C0, ModificationTime = time },
            new PaxTarEntry(TarEntryType.SymbolicLink, "deep/er/link") { LinkName = "../../closed/file" },
        ]);
        await run.StartAsync(new StartRequest { Command = ["cat", "deep/er/link"], Payload = payload });

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("content"));
        Assert.That(File.GetUnixFileMode(run.Directory.File("work/closed")), Is.EqualTo((UnixFileMode)0x16D));
        Assert.That(File.GetUnixFileMode(run.Directory.File("work/closed/file")), Is.EqualTo((UnixFileMode)0x1C0), "no set-user-id");
        Assert.That(File.GetLastWriteTimeUtc(run.Directory.File("work/closed/file")), Is.EqualTo(time.UtcDateTime));
    }

    [TestCase("deep/er/up", "../..", "out", "deep/er/up/..", false)]
    [TestCase("deep/er/up", "../..", "in", "deep/er/up/other", true)]
    [TestCase("loop", "loop", "loop", "loop", false)]
    [TestCase("a", "b", "b", "a/../..", false)]
    [TestCase("a", "missing/../x", "c", "a", true)]
    public void Link_StaysInsideOrNot(string one, string oneTarget, string other, string otherTarget, bool expected)
    {
        var links = new Dictionary<string, string> { [one] = oneTarget, [other] = otherTarget };

        Assert.That(TreePath.StaysInside(other, links), Is.EqualTo(expected));
    }

    [Test]
    public void AcceptedLinks_NeverLeadOutForTheKernelEither()
    {
        var names = Gen.Elements("a", "b", "c", "a/x", "a/y", "b/x", "a/x/z");
        var targets = Gen.ArrayOf(Gen.Elements("a", "b", "c", "x", "y", "z", "..", "..", ".")).Select(parts => string.Join('/', parts.Take(5).DefaultIfEmpty(".")));
        var trees = Gen.ArrayOf(names.SelectMany(name => targets, (name, target) => (name, target)), 4);

        Prop.ForAll(trees.ToArbitrary(), KernelAgrees).QuickCheckThrowOnFailure();
    }

    private static bool KernelAgrees((string Name, string Target)[] tree)
    {
        using var directory = new TemporaryDirectory();
        // What leads out finds something there.
        var root = Directory.CreateDirectory(Path.Combine(directory.Path, "outside/root")).FullName;
        foreach (var name in new[] { "a/x", "b/x", "c", "x", "y", "z" })
        {
            Directory.CreateDirectory(Path.Combine(directory.Path, name));
            Directory.CreateDirectory(Path.Combine(directory.Path, "outside", name));
        }

        Dictionary<string, string> links = [];
        foreach (var (name, target) in tree)
        {
            if (!links.Keys.Any(other => name == other || name.StartsWith(other + '/', StringComparison.Ordinal) || other.StartsWith(name + '/', StringComparison.Ordinal)))
            {
                links[name] = target;
            }
        }

        foreach (var (name, target) in links)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
            File.CreateSymbolicLink(Path.Combine(root, name), target);
        }

        return links.Keys.Where(name => TreePath.StaysInside(name, links))
            .Select(name => RealPath(Path.Combine(root, name)))
            .All(real => real is null || $"{real}/".StartsWith($"{root}/", StringComparison.Ordinal));
    }

    /// <summary>Where the C library says that a path ends; null when nowhere.</summary>
    private static string? RealPath(string path)
    {
        var real = ResolvePath(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(real);
        }
        finally
        {
            Free(real);
        }
    }

    [DllImport("libc", EntryPoint = "realpath", CharSet = CharSet.Ansi)]
    private static extern nint ResolvePath(string path, nint buffer);

    [DllImport("libc", EntryPoint = "free")]
    private static extern void Free(nint memory);

    private static MemoryStream Content() => new("content"u8.ToArray());
}

using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

/// <summary>A file that grows past the limit has a second job by then: split it by that.</summary>
internal sealed class FileSizeTests
{
    private const int Limit = 500;

    private static readonly string[] Folders = ["src", "plugins", "tests", "tools", "samples"];

    [Test]
    public void EveryFile_KeepsWithinTheLimit()
    {
        Assert.That(Solution.Files("*.cs", Repository.Root, Folders).Count(), Is.GreaterThan(50));
        Assert.That(TooLong(Repository.Root), Is.Empty);
    }

    [Test]
    public void FileBeyondTheLimit_IsSeen()
    {
        var root = Directory.CreateTempSubdirectory("cg-size-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "src", "Host", "Jobs")).FullName;
            File.WriteAllLines(Path.Combine(folder, "Fits.cs"), Enumerable.Repeat("//", Limit));
            File.WriteAllLines(Path.Combine(folder, "Grew.cs"), Enumerable.Repeat("//", Limit + 1));
            Directory.CreateDirectory(Path.Combine(root, "src", "obj"));
            File.WriteAllLines(Path.Combine(root, "src", "obj", "Made.cs"), Enumerable.Repeat("//", Limit + 1));

            Assert.That(TooLong(root), Is.EqualTo(new[] { "src/Host/Jobs/Grew.cs has 501 lines" }));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // Migrations and the snapshot of the model are generated (tools/Migrations).
    private static List<string> TooLong(string root) =>
        [.. from file in Solution.Files("*.cs", root, Folders)
            where !file.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            let lines = File.ReadLines(file).Count()
            where lines > Limit
            select $"{Path.GetRelativePath(root, file)} has {lines} lines"];
}

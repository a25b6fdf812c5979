using System.Xml.Linq;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

/// <summary>The repository's files and projects.</summary>
internal static class Solution
{
    // The configuration that the tests themselves were built in: bin/Debug/net10.0.
    private static readonly string Configuration = AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2];

    public static IEnumerable<string> Plugins => Directory.GetDirectories(Path.Combine(Repository.Root, "plugins"))
        .Where(folder => Directory.GetFiles(folder, "*.csproj").Length == 1);

    /// <summary>The folder that a plugin is run from, as the build left it.</summary>
    public static string OutputOf(string pluginFolder) =>
        Path.Combine(Repository.Root, "artifacts", "plugins", Configuration, Path.GetFileName(pluginFolder));

    /// <summary>Every file of a kind that a person wrote, below some folders of the repository, or of a tree that a test made.</summary>
    public static IEnumerable<string> Files(string pattern, string root, params string[] folders) => folders
        .Select(folder => Path.Combine(root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "TestResults"));

    public static XDocument ProjectIn(string folder) => XDocument.Load(Directory.GetFiles(folder, "*.csproj").Single());
}

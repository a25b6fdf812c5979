namespace ContainerGroups.Tests.Shared;

/// <summary>The plugins of <c>tests/TestPlugins</c>, as the build left them on disk.</summary>
internal static class TestPlugins
{
    /// <summary>A plugin directory (an entry of <c>Plugins:Directories</c>) that holds the folder of that one plugin.</summary>
    public static string Directory(string project) => Path.Combine(RepositoryRoot(), "artifacts", "test-plugins", project);

    /// <summary>The plugin's own folder, with its <c>plugin.json</c>.</summary>
    public static string Folder(string project) => Path.Combine(Directory(project), project);

    public static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ContainerGroups.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

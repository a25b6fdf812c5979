namespace ContainerGroups.Tests.Shared;

/// <summary>The plugins of <c>tests/TestPlugins</c>, as the build left them on disk.</summary>
internal static class TestPlugins
{
    /// <summary>A plugin directory (an entry of <c>Plugins:Directories</c>) that holds the folder of that one plugin.</summary>
    public static string Directory(string project) => Path.Combine(Repository.Root, "artifacts", "test-plugins", project);

    /// <summary>The plugin's own folder, with its <c>plugin.json</c>.</summary>
    public static string Folder(string project) => Path.Combine(Directory(project), project);
}

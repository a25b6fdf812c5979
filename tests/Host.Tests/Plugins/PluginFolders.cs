using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>A plugin directory with copies of test plugins that a test may spoil.</summary>
internal sealed class PluginFolders : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("cg-folders-").FullName;

    public PluginFolder Copy(string project, string folder, string? except = null)
    {
        var target = System.IO.Directory.CreateDirectory(Path.Combine(Directory, folder)).FullName;
        var left = except is null ? [] : System.IO.Directory.GetFiles(TestPlugins.Folder(project), except);
        foreach (var file in System.IO.Directory.GetFiles(TestPlugins.Folder(project)).Except(left))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return new PluginFolder(target);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    internal sealed record PluginFolder(string Path)
    {
        public void Edit(string text, string replacement)
        {
            var manifest = System.IO.Path.Combine(Path, "plugin.json");
            File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(text, replacement, StringComparison.Ordinal));
        }
    }
}

namespace ContainerGroups.Tests.Shared;

/// <summary>Copies a plugin folder as an operator does it: what tells that it is complete comes last.</summary>
internal static class PluginCopy
{
    private const string Manifest = "plugin.json";

    public static void Into(string target, string project) => From(TestPlugins.Folder(project), target);

    public static void From(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source).OrderBy(file => Path.GetFileName(file) == Manifest))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}

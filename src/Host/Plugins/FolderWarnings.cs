using System.Runtime.InteropServices;

namespace ContainerGroups.Host.Plugins;

/// <summary>What an operator should know of a plugin folder that works.</summary>
internal static partial class FolderWarnings
{
    private const int WriteOk = 2;

    /// <summary>Whoever can make the service write a file could make it run code, when its plugins are writable for it.</summary>
    public static IReadOnlyList<string> Of(PluginFiles files)
    {
        if (files.Directory is not { } directory)
        {
            return [];
        }

        var writable = new[] { Path.GetDirectoryName(directory) ?? directory, directory }
            .Concat(files.Names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(IsWritable);
        return writable is null
            ? []
            : [$"The service itself can write {writable}: make the plugin directory and all in it writable for another user only."];
    }

    // The kernel's own answer, lists of access rights and read-only mounts included.
    private static bool IsWritable(string path) => Access(path, WriteOk) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}

using System.Reflection;
using System.Runtime.Loader;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// Holds the code of one plugin, for the life of the process. Shared assemblies come from the host, always; everything else comes from
/// the plugin's files, or not at all: a plugin that could fall back on a library of the host would break when the host changes it.
/// </summary>
internal sealed class PluginLoadContext(string pluginId, PluginFiles files, string assembly)
    : AssemblyLoadContext($"plugin {pluginId}", isCollectible: false)
{
    private readonly AssemblyDependencyResolver? _resolver =
        files.Directory is { } directory ? new AssemblyDependencyResolver(Path.Combine(directory, assembly)) : null;

    /// <summary>The plugin's own assembly.</summary>
    public Assembly LoadMain() => LoadFile(assembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (SharedAssemblies.Contains(assemblyName.Name!))
        {
            return null;
        }

        return Find(assemblyName) is { } file
            ? LoadFile(file)
            : throw new FileNotFoundException(
                $"The plugin needs {assemblyName.Name} {assemblyName.Version}, which its folder does not hold.",
                $"{assemblyName.Name}.dll");
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        if (_resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is not { } path)
        {
            return IntPtr.Zero;
        }

        // Only the loader of the system can load it, by its path; reading it first lets the trust policy see it.
        files.Read(RelativeName(path));
        return LoadUnmanagedDllFromPath(path);
    }

    private string? Find(AssemblyName name)
    {
        if (_resolver is not null)
        {
            return _resolver.ResolveAssemblyToPath(name) is { } path ? RelativeName(path) : null;
        }

        return files.Contains($"{name.Name}.dll") ? $"{name.Name}.dll" : null;
    }

    private string RelativeName(string path) => Path.GetRelativePath(files.Directory!, path).Replace(Path.DirectorySeparatorChar, '/');

    private Assembly LoadFile(string name)
    {
        using var code = new MemoryStream(files.Read(name));
        var symbols = Path.ChangeExtension(name, ".pdb");
        using var debug = files.Contains(symbols) ? new MemoryStream(files.Read(symbols)) : null;
        return LoadFromStream(code, debug);
    }
}

using System.Reflection;
using System.Runtime.Loader;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// Holds the code of one plugin, for the life of the process. Shared assemblies come from the host, always; everything else comes from
/// the plugin's folder, or not at all: a plugin that could fall back on a library of the host would break when the host changes it.
/// </summary>
internal sealed class PluginLoadContext(string pluginId, string assemblyPath)
    : AssemblyLoadContext($"plugin {pluginId}", isCollectible: false)
{
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (SharedAssemblies.Contains(assemblyName.Name!))
        {
            return null;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadFromAssemblyPath(path)
            : throw new FileNotFoundException(
                $"The plugin needs {assemblyName.Name} {assemblyName.Version}, which its folder does not hold.",
                $"{assemblyName.Name}.dll");
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ContainerGroups.Host.Plugins;

/// <summary>Looks at a plugin's files, without running any of its code, for what would fail later and far from its cause.</summary>
internal static class PluginAssemblyCheck
{
    /// <exception cref="PluginRefusedException">The folder can't work; the reason names the file.</exception>
    public static void Run(PluginFiles plugin, string assembly)
    {
        RefuseOwnContract(plugin);
        var references = ReadReferences(plugin, assembly);
        var framework = references.FirstOrDefault(reference => reference.Name == "System.Runtime");
        if (framework.Version?.Major > Environment.Version.Major)
        {
            throw new PluginRefusedException(
                $"It was built for .NET {framework.Version.Major}; this server runs .NET {Environment.Version.Major}.",
                PluginState.NotSupported);
        }

        var files = Assemblies(plugin).Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = references.Where(reference => !SharedAssemblies.Contains(reference.Name) && !files.Contains(reference.Name))
            .Select(reference => $"{reference.Name} {reference.Version}").ToList();
        if (missing.Count > 0)
        {
            throw new PluginRefusedException($"Its folder lacks what {assembly} needs: {string.Join(", ", missing)}.");
        }
    }

    // A second copy would make types that look the same and are not; every cast of the host would fail with a riddle.
    private static void RefuseOwnContract(PluginFiles plugin)
    {
        var copy = Assemblies(plugin).FirstOrDefault(file => string.Equals(
            Path.GetFileNameWithoutExtension(file), SharedAssemblies.Contract, StringComparison.OrdinalIgnoreCase));
        if (copy is not null)
        {
            throw new PluginRefusedException(
                $"Its folder holds {copy}, which only the server may bring. Remove the file; " +
                "in the plugin's project, reference the contract with ExcludeAssets=\"runtime\".");
        }
    }

    private static IEnumerable<string> Assemblies(PluginFiles plugin) =>
        plugin.Names.Where(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));

    private static List<(string Name, Version? Version)> ReadReferences(PluginFiles plugin, string assembly)
    {
        try
        {
            using var file = new PEReader(new MemoryStream(plugin.Read(assembly)));
            var metadata = file.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => (metadata.GetString(reference.Name), (Version?)reference.Version))];
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new PluginRefusedException($"{assembly} is not a .NET assembly that can be read: {e.Message}", cause: e);
        }
    }
}

using ContainerGroups.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>Whether a plugin may be loaded at all: decided on its manifest and its files, before any of its code runs.</summary>
internal sealed class PluginAdmission(IOptions<PluginsOptions> options, PluginTrust trust, BuiltInPlugins builtIn)
{
    /// <summary>The files as they may be read.</summary>
    /// <exception cref="PluginRefusedException">It may not be loaded; the reason says why.</exception>
    public PluginFiles Admit(PluginFiles files, PluginManifest manifest, PluginSet loaded)
    {
        if (options.Value.Disabled.Contains(manifest.Id))
        {
            throw new PluginRefusedException("The configuration (Plugins:Disabled) says not to load it.", PluginState.Disabled);
        }

        if (!manifest.IsSupported())
        {
            throw new PluginRefusedException(
                $"It was built for contract {manifest.ContractVersion}, which this server, with contract {ContractVersion.Current}, does " +
                "not have. Use a version of the plugin that was built for it, or another version of the server.",
                PluginState.NotSupported);
        }

        if (!files.BuiltIn && builtIn.Contains(manifest.Id) && !Replaces(manifest.Id))
        {
            throw new PluginRefusedException(
                $"The server has a built-in plugin {manifest.Id}. To use this folder in its place, add the id to Plugins:Override.");
        }

        var other = loaded.Plugins.FirstOrDefault(
            own => own.Id == manifest.Id && own.State != PluginState.Disabled && own.Directory != files.Location);
        return other is null ? trust.Admit(files, manifest.Id) : throw new PluginRefusedException(
            other.BuiltIn
                ? $"The built-in plugin {other.Id} is in use; this folder takes its place when the server is restarted."
                : $"Another folder holds a plugin of the same id: {other.Directory}.");
    }

    /// <summary>Refuses a built-in plugin for which one of the folders stands in.</summary>
    public void CheckNotReplaced(string id, IEnumerable<string> folders)
    {
        if (Replaces(id) && folders.FirstOrDefault(folder => IdOf(folder) == id) is { } replacement)
        {
            throw new PluginRefusedException($"{replacement} is used in its place (Plugins:Override).", PluginState.Disabled);
        }
    }

    private bool Replaces(string id) => options.Value.Override.Contains(id);

    private static string? IdOf(string folder)
    {
        try
        {
            return PluginManifest.Read(new PluginDirectory(folder)).Id;
        }
        catch (Exception e) when (e is PluginRefusedException or IOException or UnauthorizedAccessException)
        {
            // Not to be used: then it replaces nothing. Its own turn tells why.
            return null;
        }
    }
}

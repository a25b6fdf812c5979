using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>A test plugin as if the executable carried it.</summary>
internal sealed class CarriedPlugin(string project) : PluginFiles
{
    private readonly PluginDirectory _files = new(TestPlugins.Folder(project));

    public override string Location => $"(built in)/{project}";

    public override string? Directory => null;

    public override IReadOnlyList<string> Names => _files.Names;

    public override byte[] Read(string name) => _files.Read(name);
}

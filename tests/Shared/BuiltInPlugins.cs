namespace ContainerGroups.Tests.Shared;

/// <summary>The plugins that come with the server, as the build left them: an entry of <c>Plugins:Directories</c>.</summary>
internal static class BuiltInPlugins
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    public static string Directory { get; } = Path.Combine(Repository.Root, "artifacts", "plugins", Configuration);
}

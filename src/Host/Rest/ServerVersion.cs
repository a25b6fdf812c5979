using System.Reflection;

namespace ContainerGroups.Host.Rest;

/// <summary>The server's version, as clients see it.</summary>
internal static class ServerVersion
{
    // The informational version ends in "+commit"; clients compare the part before it.
    public static string Current { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

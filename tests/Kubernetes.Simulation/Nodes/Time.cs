using System.Globalization;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

internal static class Time
{
    /// <summary>Whole seconds, as in every object of Kubernetes.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

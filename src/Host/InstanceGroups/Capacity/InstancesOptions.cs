using System.ComponentModel.DataAnnotations;

namespace ContainerGroups.Host.InstanceGroups.Capacity;

/// <summary>The configuration under <c>Instances</c>.</summary>
internal sealed class InstancesOptions
{
    public const string Section = "Instances";

    /// <summary>Processors to count with in place of those found, as Kubernetes writes them; empty for those found.</summary>
    public string Cpu { get; set; } = "";

    /// <summary>Memory to count with in place of what is found, as Kubernetes writes it; empty for what is found.</summary>
    public string Memory { get; set; } = "";

    [Range(1, 1000)]
    public int ForksPerCpu { get; set; } = 4;

    [Range(1, 1_000_000)]
    public int MebibytesPerFork { get; set; } = 100;

    /// <summary>Memory that jobs don't get, as Kubernetes writes it; ignored where <see cref="Memory"/> says what they get.</summary>
    public string ReservedMemory { get; set; } = "2Gi";

    /// <summary>How often an instance measures itself and reports.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HealthCheckPeriod { get; set; } = TimeSpan.FromSeconds(60);
}

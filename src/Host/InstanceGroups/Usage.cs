using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>What of a group or an instance is taken.</summary>
/// <param name="Capacity">Forks that fit at once.</param>
/// <param name="Consumed">Forks taken by jobs that wait or run there.</param>
/// <param name="JobsRunning">Jobs that wait or run there.</param>
/// <param name="JobsTotal">Jobs ever sent there.</param>
/// <param name="Instances">Members that take jobs now.</param>
internal sealed record Usage(long Capacity, long Consumed, int JobsRunning, int JobsTotal, int Instances)
{
    /// <summary>What a job takes of the instance that runs it, besides its own forks: an instance's host controls the jobs it runs.</summary>
    public const int ControlImpact = 1;

    public static readonly Usage None = new(0, 0, 0, 0, 0);

    /// <summary>In per cent, two places; 0 without capacity, and negative when more is taken than there is.</summary>
    public double PercentRemaining => Capacity == 0 ? 0 : Math.Round(100.0 * (Capacity - Consumed) / Capacity, 2);

    public static bool TakesJobs(Instance instance) =>
        instance is { Enabled: true, NodeState: NodeStates.Ready } && instance.NodeType != NodeTypes.Hop;
}

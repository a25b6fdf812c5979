namespace ContainerGroups.Host.Dispatch;

/// <summary>A group as the placement sees it.</summary>
internal sealed record GroupCapacity
{
    public required long Id { get; init; }

    /// <summary>Whether jobs are placed on its instances; else on the group as a whole.</summary>
    public required bool UsesInstances { get; init; }

    /// <summary>0 for no limit.</summary>
    public int MaxConcurrentJobs { get; init; }

    /// <summary>0 for no limit.</summary>
    public int MaxForks { get; init; }

    public int Jobs { get; set; }

    public int Forks { get; set; }

    /// <summary>The hostnames of its members.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];
}

/// <summary>An instance that is ready and enabled, as the placement sees it.</summary>
internal sealed record InstanceCapacity
{
    public required string Hostname { get; init; }

    public required int Capacity { get; init; }

    /// <summary>Forks in use, with one for the control of each job that its host runs.</summary>
    public int Consumed { get; set; }

    public int Jobs { get; set; }
}

/// <summary>Where a job goes.</summary>
/// <param name="InstanceGroupId">The group.</param>
/// <param name="Hostname">The instance; empty when the group has none.</param>
internal sealed record Placement(long InstanceGroupId, string Hostname);

/// <summary>
/// Decides where jobs go, by AWX's rules: the first group of the preference order with room; in it the instance with the most capacity
/// left; failing that an idle one, however small. What is placed counts at once for the jobs after it.
/// </summary>
internal sealed class CapacityLedger(IEnumerable<GroupCapacity> groups, IEnumerable<InstanceCapacity> instances)
{
    /// <summary>What AWX counts for controlling a job, on the instance whose host does it.</summary>
    public const int ControlImpact = 1;

    private readonly Dictionary<long, GroupCapacity> _groups = groups.ToDictionary(g => g.Id);
    private readonly Dictionary<string, InstanceCapacity> _instances = instances.ToDictionary(i => i.Hostname, StringComparer.Ordinal);

    /// <summary>The groups that could take a job of the least impact.</summary>
    public IReadOnlyList<long> OpenGroups() =>
        [.. _groups.Values.Where(g => HasRoom(g, 1) && (!g.UsesInstances || Choose(g, 1) is not null)).Select(g => g.Id)];

    /// <summary>Places a job; null when no group of its preference order has room.</summary>
    public Placement? Place(IEnumerable<long> preferredGroups, int impact)
    {
        foreach (var id in preferredGroups)
        {
            if (!_groups.TryGetValue(id, out var group) || !HasRoom(group, impact))
            {
                continue;
            }

            var instance = group.UsesInstances ? Choose(group, impact) : null;
            if (group.UsesInstances && instance is null)
            {
                continue;
            }

            group.Jobs++;
            group.Forks += impact;
            if (instance is not null)
            {
                instance.Jobs++;
                instance.Consumed += impact + ControlImpact;
            }

            return new Placement(id, instance?.Hostname ?? "");
        }

        return null;
    }

    private static bool HasRoom(GroupCapacity group, int impact) =>
        (group.MaxConcurrentJobs == 0 || group.Jobs < group.MaxConcurrentJobs)
        && (group.MaxForks == 0 || group.Forks + impact <= group.MaxForks);

    private InstanceCapacity? Choose(GroupCapacity group, int impact)
    {
        InstanceCapacity? fit = null;
        InstanceCapacity? idle = null;
        foreach (var hostname in group.Members)
        {
            if (!_instances.TryGetValue(hostname, out var instance) || instance.Capacity <= 0)
            {
                continue;
            }

            if (Remaining(instance) >= impact + ControlImpact && (fit is null || Remaining(instance) > Remaining(fit)))
            {
                fit = instance;
            }

            if (instance.Jobs == 0 && (idle is null || instance.Capacity > idle.Capacity))
            {
                idle = instance;
            }
        }

        return fit ?? idle;
    }

    private static int Remaining(InstanceCapacity instance) => instance.Capacity - instance.Consumed;
}

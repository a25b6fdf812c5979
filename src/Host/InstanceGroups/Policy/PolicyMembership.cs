using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups.Policy;

/// <summary>An instance as the policies see it.</summary>
internal sealed record PolicyInstance(long Id, string Hostname, string NodeType, bool ManagedByPolicy);

/// <summary>A group's policies.</summary>
internal sealed record PolicyGroup(long Id, string Name, IReadOnlyList<string> Hostnames, int Minimum, int Percentage)
{
    public const string ControlPlane = "controlplane";
}

/// <summary>Which instances belong to which groups by policy: AWX's algorithm. By list first, then up to each group's minimum, then up to its
/// percentage; an instance that is in few groups goes first.</summary>
internal static class PolicyMembership
{
    /// <summary>The members of every group, in the order in which they came.</summary>
    public static IReadOnlyDictionary<long, IReadOnlyList<long>> Compute(
        IReadOnlyList<PolicyGroup> groups, IReadOnlyList<PolicyInstance> instances)
    {
        var members = groups.ToDictionary(group => group.Id, group => instances
            .Where(instance => group.Hostnames.Contains(instance.Hostname)).Select(instance => instance.Id).ToList());
        var assigned = instances.Where(instance => instance.ManagedByPolicy).OrderBy(instance => instance.Id)
            .Select(instance => new Assigned(instance)).ToList();
        foreach (var group in BySize(groups, members))
        {
            Fill(group, members[group.Id], assigned, (size, _) => size >= group.Minimum);
        }

        foreach (var group in BySize(groups, members))
        {
            Fill(group, members[group.Id], assigned, (size, eligible) => 100.0 * size / eligible >= group.Percentage);
        }

        return members.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<long>)pair.Value);
    }

    private static void Fill(PolicyGroup group, List<long> members, List<Assigned> all, Func<int, int, bool> isEnough)
    {
        var eligible = all.Where(candidate => MayJoin(candidate.Instance, group)).ToList();
        foreach (var candidate in eligible.OrderBy(candidate => candidate.Groups).ThenBy(candidate => candidate.Instance.Id).ToList())
        {
            if (isEnough(members.Count, eligible.Count))
            {
                return;
            }

            if (!members.Contains(candidate.Instance.Id))
            {
                members.Add(candidate.Instance.Id);
                candidate.Groups++;
            }
        }
    }

    private static List<PolicyGroup> BySize(IReadOnlyList<PolicyGroup> groups, Dictionary<long, List<long>> members) =>
        [.. groups.OrderBy(group => members[group.Id].Count)];

    private static bool MayJoin(PolicyInstance instance, PolicyGroup group) => instance.NodeType switch
    {
        NodeTypes.Hop => false,
        NodeTypes.Control => group.Name == PolicyGroup.ControlPlane,
        NodeTypes.Execution => group.Name != PolicyGroup.ControlPlane,
        _ => true,
    };

    private sealed class Assigned(PolicyInstance instance)
    {
        public PolicyInstance Instance => instance;

        public int Groups { get; set; }
    }
}

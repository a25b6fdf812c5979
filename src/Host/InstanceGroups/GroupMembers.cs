using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Instances of a group and groups of an instance: one membership seen from its two ends.</summary>
internal static class GroupMembers
{
    public static SubList<InstanceGroup, Instance> Instances() =>
        new("instances", (_, id) => instance => instance.InstanceGroups.Any(member => member.InstanceGroupId == id))
        {
            Attach = (call, group, instance) => ChangeAsync(call, group, instance, "node", attach: true),
            Detach = (call, group, instance) => ChangeAsync(call, group, instance, "node", attach: false),
        };

    public static SubList<Instance, InstanceGroup> Groups() =>
        new("instance_groups", (_, id) => group => group.Instances.Any(member => member.InstanceId == id))
        {
            Attach = (call, instance, group) => ChangeAsync(call, group, instance, "instance", attach: true),
            Detach = (call, instance, group) => ChangeAsync(call, group, instance, "instance", attach: false),
        };

    // The word is what AWX calls an instance at this end.
    private static Task ChangeAsync(ApiCall call, InstanceGroup group, Instance instance, string word, bool attach)
    {
        var refusal = instance.NodeType switch
        {
            NodeTypes.Control => $"Cannot change instance group membership of control-only node: {instance.Hostname}.",
            NodeTypes.Hop => $"Cannot change instance group membership of hop node : {instance.Hostname}.",
            NodeTypes.Hybrid when !attach && group.Name == PolicyGroup.ControlPlane =>
                $"Cannot disassociate hybrid {word} {instance.Hostname} from {PolicyGroup.ControlPlane}.",
            _ when attach && group.IsContainerGroup =>
                $"Cannot add instance {instance.Hostname} to container group {group.Name}: each of its jobs runs in an environment of its own.",
            _ => null,
        };
        return refusal is null
            ? MembershipStore.PinAsync(call, group.Id, instance.Hostname, attach)
            : throw ApiException.BadMessage(refusal);
    }
}

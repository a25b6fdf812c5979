using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>What makes a change of an instance illegal beyond the rules of its fields; AWX's words where AWX has the rule.</summary>
internal static class InstanceChecks
{
    public static Task CheckAsync(Write<Instance> write, CancellationToken cancellationToken)
    {
        if (write.Creating)
        {
            CheckNew(write);
        }
        else
        {
            CheckChange(write);
        }

        return Task.CompletedTask;
    }

    private static void CheckNew(Write<Instance> write)
    {
        var instance = write.Entity;
        if (!write.Errors.Has("hostname") && HostnameRules.Check(instance.Hostname) is { } error)
        {
            write.Errors.Add("hostname", error);
        }

        if (instance.NodeType is NodeTypes.Control or NodeTypes.Hybrid)
        {
            write.Errors.Add("node_type", "Can only create execution or hop nodes.");
        }
        else if (instance.NodeType == NodeTypes.Hop)
        {
            write.Errors.Add("node_type", "Hop nodes are not supported: hosts meet in the database, no mesh is needed.");
        }

        if (instance.NodeState != NodeStates.Installed)
        {
            write.Errors.Add("node_state", "Can only create instances in the 'installed' state.");
        }
    }

    private static void CheckChange(Write<Instance> write)
    {
        if (write.Changes(instance => instance.NodeType))
        {
            write.Errors.Add("node_type", "Cannot change node type.");
        }

        if (write.Changes(instance => instance.Hostname))
        {
            write.Errors.Add("hostname", "Cannot change hostname.");
        }

        if (!write.Changes(instance => instance.NodeState))
        {
            return;
        }

        if (write.Entity.NodeState != NodeStates.Deprovisioning)
        {
            write.Errors.Add("node_state", "Can only change instances to the 'deprovisioning' state.");
        }
        else if (write.Entity.Managed)
        {
            write.Errors.Add("node_state", "Cannot deprovision managed nodes.");
        }
    }
}

using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>What the scheduler says of a pod that has no node.</summary>
internal static partial class Scheduling
{
    /// <summary>Taints that nodes get and lose by themselves: the node is new, busy, about to go, or out of something.</summary>
    private static readonly string[] PassingTaints =
    [
        "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/memory-pressure",
        "node.kubernetes.io/disk-pressure", "node.kubernetes.io/pid-pressure", "node.kubernetes.io/network-unavailable",
        "node.kubernetes.io/unschedulable", "node.cloudprovider.kubernetes.io/uninitialized",
        "node.cloudprovider.kubernetes.io/shutdown", "ToBeDeletedByClusterAutoscaler", "DeletionCandidateOfClusterAutoscaler",
    ];

    /// <returns>Null when nothing keeps the pod from a node.</returns>
    public static PodVerdict? Of(Pod pod, bool waitForNodes)
    {
        if (pod.NodeName is { Length: > 0 }
            || pod.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is not { } condition)
        {
            return null;
        }

        var words = Words(condition);
        if (condition.Reason is not "Unschedulable")
        {
            // SchedulingGated: somebody else decides when.
            return condition.Reason is "SchedulerError" ? new PodVerdict.Struggles(BackendFailureReason.Unschedulable, words) : new PodVerdict.WaitsForRoom(words);
        }

        return waitForNodes || MayFindRoom(condition.Message ?? "")
            ? new PodVerdict.WaitsForRoom(words)
            : new PodVerdict.Failed(new BackendException(
                BackendFailureReason.Unschedulable,
                $"No node of the cluster will take the pod: {words} Change nodeSelector, affinity or tolerations in the group's pod_spec_override, or, where "
                + "an autoscaler makes such nodes, set wait_for_nodes in its backend_settings."));
    }

    /// <summary>
    /// Whether room may come by itself: some node fits and is only full or passing through a bad time, or there is no node at all yet.
    /// The text is the scheduler's: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector."
    /// </summary>
    private static bool MayFindRoom(string message)
    {
        var reasons = message.Split("preemption:", 2)[0];
        return reasons.Contains("Insufficient ", StringComparison.Ordinal)
            || reasons.Contains("Too many pods", StringComparison.Ordinal)
            || reasons.Contains("didn't have free ports", StringComparison.Ordinal)
            || reasons.Contains("exceed max volume count", StringComparison.Ordinal)
            || reasons.Contains("unbound immediate PersistentVolumeClaims", StringComparison.Ordinal)
            || reasons.Contains("were unschedulable", StringComparison.Ordinal)
            || reasons.Contains("were not ready", StringComparison.Ordinal)
            || reasons.Contains("0/0 nodes", StringComparison.Ordinal)
            || reasons.Contains("no nodes available", StringComparison.OrdinalIgnoreCase)
            || PassingTaints.Any(taint => reasons.Contains(taint, StringComparison.Ordinal))
            // What is not about the nodes' marks, nor says that an object is missing, is not known to be for ever.
            || !ForEver().IsMatch(reasons);
    }

    private static string Words(PodCondition condition) => condition.Message is { Length: > 0 } message
        ? $"{condition.Reason}: {Sentences.End(message)}"
        : Sentences.End(condition.Reason ?? "Unschedulable");

    [GeneratedRegex(@"node selector|affinity|taint|topology spread|not found|doesn't exist|didn't satisfy|didn't find", RegexOptions.CultureInvariant)]
    private static partial Regex ForEver();
}

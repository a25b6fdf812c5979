using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>Why the worker container has ended though it should wait for its job.</summary>
internal static class WorkerEnd
{
    /// <summary>Before anything was started in it: it will do the same in the next pod.</summary>
    public static BackendException BeforeTheStart(string worker, ContainerTerminated end)
    {
        var words = Words(end);
        if (ContainerWaits.SaysNoProgram(end.Message ?? ""))
        {
            return Unsuitable(worker, words).Failure;
        }

        return end.Reason == "OOMKilled"
            ? new BackendException(
                BackendFailureReason.InvalidSettings,
                $"Container {worker} was killed for lack of memory before the job was started: {words} Raise its memory limit in the group's pod_spec_override.")
            : new BackendException(
                BackendFailureReason.UnsuitableImage,
                $"Container {worker} ended by itself before the job was started: {words} Its command has to go on until the pod is deleted; "
                + "leave command and args out of the group's pod_spec_override to get one that does.");
    }

    /// <summary>An image without a shell can't run jobs.</summary>
    public static PodVerdict.Failed Unsuitable(string container, string words) => new(new BackendException(
        BackendFailureReason.UnsuitableImage,
        $"The image of container {container} lacks a program that running a job needs: {words} Use an image with a POSIX sh and coreutils, or with BusyBox."));

    public static string Words(ContainerTerminated end)
    {
        var code = end.Signal is > 0 ? $"signal {end.Signal}" : $"exit code {end.ExitCode}";
        return end.Reason is { Length: > 0 } ? Sentences.Of($"{end.Reason} ({code})", end.Message) : Sentences.Of(code, end.Message);
    }
}

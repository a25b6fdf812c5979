using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>What a container that waits says of its reasons, as kubelet spells them.</summary>
internal static partial class ContainerWaits
{
    public static PodVerdict Of(string container, ContainerWaiting waiting)
    {
        var words = Sentences.Of(waiting.Reason, waiting.Message);
        var message = waiting.Message ?? "";
        return waiting.Reason switch
        {
            null or "" or "ContainerCreating" or "PodInitializing" => new PodVerdict.Coming(words),
            "InvalidImageName" => ImageFails(container, words, "Correct the image's name."),
            "ErrImageNeverPull" => ImageFails(container, words, "Let the image be pulled (imagePullPolicy), or put it on the nodes."),
            "ImageInspectError" or "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" or "SignatureValidationFailed" =>
                IsRefusal().IsMatch(message)
                    ? ImageFails(container, words, "Check the image's name and tag, and whether the pod's imagePullSecrets give access to it.")
                    : new PodVerdict.Struggles(BackendFailureReason.ImagePullFailed, $"The image of container {container} can't be pulled so far: {words}"),
            "CreateContainerConfigError" when IsPassing().IsMatch(message) =>
                new PodVerdict.Struggles(BackendFailureReason.InvalidSettings, $"Container {container} can't be configured so far: {words}"),
            "CreateContainerConfigError" => Fails(
                BackendFailureReason.InvalidSettings, container, "can't be configured", words,
                "Make what is missing in the pod's namespace, or correct the group's pod_spec_override."),
            _ when NoShell().IsMatch(message) => WorkerEnd.Unsuitable(container, words),
            "CreateContainerError" or "RunContainerError" or "StartError" or "ContainerCannotRun" => IsPassing().IsMatch(message)
                ? new PodVerdict.Struggles(BackendFailureReason.StartTimeout, $"Container {container} can't be started so far: {words}")
                : Fails(
                    BackendFailureReason.InvalidSettings, container, "can't be started", words,
                    "Check the image and what the group's pod_spec_override says of command, securityContext and volumeMounts."),
            "CrashLoopBackOff" => Fails(
                BackendFailureReason.InvalidSettings, container, "ends again and again", words, "The container of a job has to go on until its pod is deleted."),
            _ => new PodVerdict.Coming(words),
        };
    }

    /// <summary>Whether a container runtime's words say that an image has no such program: <c>sh</c>, most often.</summary>
    public static bool SaysNoProgram(string message) => NoShell().IsMatch(message);

    private static PodVerdict.Failed ImageFails(string container, string words, string advice) =>
        Fails(BackendFailureReason.ImagePullFailed, container, "has an image that can't be pulled", words, advice);

    private static PodVerdict.Failed Fails(BackendFailureReason reason, string container, string what, string words, string advice) =>
        new(new BackendException(reason, $"Container {container} {what}: {words} {advice}"));

    /// <summary>A registry's, or a runtime's, no; other failures of a pull (time-outs, rate limits, 5xx) may pass.</summary>
    [GeneratedRegex(
        @"not found|manifest unknown|name unknown|does not exist|unauthorized|authentication required|access denied|denied:|insufficient_scope|"
        + @"no basic auth|invalid reference|no match for platform|no matching manifest|x509:|\b40[134]\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsRefusal();

    [GeneratedRegex(
        @"deadline exceeded|timed? ?out|connection refused|too many requests|temporarily|cannot sync|failed to sync|is reserved for|EOF",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsPassing();

    [GeneratedRegex(@"executable file not found|no such file or directory.*exec|exec.*no such file or directory|exec format error", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoShell();
}

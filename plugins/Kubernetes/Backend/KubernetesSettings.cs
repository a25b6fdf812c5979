using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>What a container group may set besides its pod.</summary>
internal sealed class KubernetesSettings(InputValues values)
{
    private const string MaxPodLifetimeId = "max_pod_lifetime";
    private const string StartTimeoutId = "start_timeout";
    private const string ImagePullTimeoutId = "image_pull_timeout";
    private const string WaitForNodesId = "wait_for_nodes";

    private const long DefaultLifetime = 48 * 3600;
    private const long LongestLifetime = 365L * 24 * 3600;
    private const long DefaultStartTimeout = 600;
    private const long DefaultImagePullTimeout = 120;
    private const long LongestTimeout = 24 * 3600;

    public static IReadOnlyList<InputField> Fields { get; } =
    [
        Time(
            MaxPodLifetimeId, "Longest life of a pod", DefaultLifetime,
            "Seconds after which the cluster ends the pod of a job that has no timeout, even if this server never returns."),
        Time(
            StartTimeoutId, "Time to start", DefaultStartTimeout,
            "Seconds that a pod may take from the moment a node was found for it until its worker container runs."),
        Time(
            ImagePullTimeoutId, "Time for failing pulls", DefaultImagePullTimeout,
            "Seconds for which a failing pull is tried again when the registry may come back; one that it refuses for good fails at once."),
        new()
        {
            Id = WaitForNodesId,
            Label = "Wait for nodes",
            Type = InputFieldType.Boolean,
            Default = false,
            HelpText = "Whether a job waits when no node fits the pod's selector, affinity or tolerations, because an autoscaler makes such nodes.",
        },
    ];

    public TimeSpan MaxPodLifetime => Seconds(MaxPodLifetimeId, DefaultLifetime);

    public TimeSpan StartTimeout => Seconds(StartTimeoutId, DefaultStartTimeout);

    public TimeSpan ImagePullTimeout => Seconds(ImagePullTimeoutId, DefaultImagePullTimeout);

    public bool WaitForNodes => values.GetBoolean(WaitForNodesId) ?? false;

    public static IReadOnlyList<InputError> Validate(InputValues values)
    {
        List<InputError> errors = [];
        Check(MaxPodLifetimeId, 60, LongestLifetime);
        Check(StartTimeoutId, 1, LongestTimeout);
        Check(ImagePullTimeoutId, 0, LongestTimeout);
        return errors;

        void Check(string id, long least, long most)
        {
            if (values.GetInteger(id) is { } value && (value < least || value > most))
            {
                errors.Add(new InputError { Field = id, Message = $"A number of seconds from {least} to {most} is expected." });
            }
        }
    }

    private static InputField Time(string id, string label, long absent, string helpText) =>
        new() { Id = id, Label = label, Type = InputFieldType.Integer, Default = absent, HelpText = helpText };

    private TimeSpan Seconds(string id, long absent) => TimeSpan.FromSeconds(values.GetInteger(id) ?? absent);
}

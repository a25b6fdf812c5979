using System.Text.Encodings.Web;
using System.Text.Json;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>The pod that a group without an override gets.</summary>
internal static class DefaultPod
{
    public const string Worker = "worker";

    /// <summary>The volume for everything of ours, which every uid may write to.</summary>
    public const string RunnerVolume = "runner";

    public const string RunnerPath = "/runner";

    /// <summary>The image of jobs for which nobody names another; AWX's.</summary>
    public const string Image = "quay.io/ansible/awx-ee:latest";

    /// <summary>The namespace outside of a cluster.</summary>
    public const string Namespace = "default";

    // The command has quotes and ampersands, which a person wants to read as such.
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Waits for ever, ends at once when asked to, and takes in what the job's processes leave behind: as process 1 it is their parent then.
    private const string Wait = "trap 'kill $! 2>/dev/null; exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

    private const string Json = $$"""
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {},
          "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": false,
            "terminationGracePeriodSeconds": 5,
            "containers": [
              {
                "name": "{{Worker}}",
                "command": ["sh", "-c", "{{Wait}}"],
                "resources": { "requests": { "cpu": "250m", "memory": "100Mi" } },
                "volumeMounts": [{ "name": "{{RunnerVolume}}", "mountPath": "{{RunnerPath}}" }]
              }
            ],
            "volumes": [{ "name": "{{RunnerVolume}}", "emptyDir": {} }]
          }
        }
        """;

    public static readonly PodMap Pod = PodNode.Parse(Json, FieldOrigins.Default);

    /// <summary>The same with what else holds where nobody says otherwise, as JSON.</summary>
    public static string Shown(string? ownNamespace)
    {
        var pod = Pod.ToJson();
        pod["metadata"]!["namespace"] = string.IsNullOrEmpty(ownNamespace) ? Namespace : ownNamespace;
        pod["spec"]!["containers"]![0]!["image"] = Image;
        return pod.ToJsonString(Readable);
    }
}

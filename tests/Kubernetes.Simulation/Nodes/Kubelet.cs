using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Exec;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>The kubelets of all nodes: takes bound pods through their life, ends them, and finishes their deletion.</summary>
internal sealed class Kubelet(
    PodStore pods,
    PodStatuses statuses,
    Timeline timeline,
    Scheduler scheduler,
    Namespaces namespaces,
    Images images,
    PodProcesses processes,
    EventLog events,
    SimulationOptions options)
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _lost = [];

    public TimeSpan ImagePullDelay { get; set; } = options.ImagePullDelay;

    public bool IsLost(StoredPod pod)
    {
        lock (pods.Lock)
        {
            return pod.NodeName is { } node && _lost.Contains(node);
        }
    }

    /// <summary>Called under the store's lock.</summary>
    public void Take(StoredPod pod) => Next(pod, options.KubeletDelay, () => Prepare(pod));

    public void DeleteGracefully(StoredPod pod, TimeSpan grace)
    {
        lock (pods.Lock)
        {
            // Whoever asks again may only shorten the grace.
            var until = options.Clock.GetUtcNow() + grace;
            if (pod.IsDeleting && string.CompareOrdinal(Time.Text(until), (string)pod.Metadata["deletionTimestamp"]!) >= 0)
            {
                return;
            }

            pods.Change(pod, _ =>
            {
                pod.Metadata["deletionTimestamp"] = Time.Text(until);
                pod.Metadata["deletionGracePeriodSeconds"] = (long)grace.TotalSeconds;
            });
            if (!_lost.Contains(pod.NodeName!))
            {
                End(pod, grace);
            }
        }
    }

    /// <summary>The main container ends by itself.</summary>
    public void Exit(StoredPod pod, ContainerEnd end)
    {
        lock (pods.Lock)
        {
            processes.Kill(pod);
            var policy = (string)pod.Spec["restartPolicy"]!;
            if (policy == "Always" || (policy == "OnFailure" && end.ExitCode != 0))
            {
                statuses.Restarted(pod, end);
                return;
            }

            pod.Step++;
            statuses.Ended(pod, end);
            scheduler.Release(pod);
        }
    }

    /// <summary>The kubelet gives the pod up: evicted, past its deadline.</summary>
    public void GiveUp(StoredPod pod, string reason, string message, bool isEviction)
    {
        lock (pods.Lock)
        {
            if (pod.IsRemoved || pod.HasEnded)
            {
                return;
            }

            pod.Step++;
            processes.Kill(pod);
            if (isEviction && options.Version.HasDisruptionCondition)
            {
                statuses.Disrupted(pod, message);
            }

            events.FromKubelet(pod, isEviction ? "Warning" : "Normal", reason, message);
            Stopping(pod);
            statuses.GivenUp(pod, reason, message, isEviction);
            scheduler.Release(pod);
        }
    }

    public void LoseNode(string node)
    {
        lock (pods.Lock)
        {
            _lost.Add(node);
            foreach (var pod in On(node))
            {
                statuses.NodeLost(pod);
                timeline.After(options.NodeLostEviction, () =>
                {
                    if (IsLost(pod))
                    {
                        DeleteGracefully(pod, GraceOf(pod));
                    }
                });
            }
        }
    }

    public void RecoverNode(string node)
    {
        lock (pods.Lock)
        {
            _lost.Remove(node);
            foreach (var pod in On(node))
            {
                if (pod.IsDeleting)
                {
                    End(pod, TimeSpan.Zero);
                }
                else
                {
                    statuses.NodeBack(pod);
                }
            }
        }
    }

    public static TimeSpan GraceOf(StoredPod pod) => TimeSpan.FromSeconds((long)pod.Spec["terminationGracePeriodSeconds"]!);

    private IEnumerable<StoredPod> On(string node) => pods.All().Where(pod => pod.NodeName == node && !pod.HasEnded);

    private void Prepare(StoredPod pod)
    {
        var node = scheduler.Node(pod.NodeName)!;
        if (pod.Spec["activeDeadlineSeconds"] is { } deadline)
        {
            timeline.After(TimeSpan.FromSeconds((long)deadline), () =>
                GiveUp(pod, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline", isEviction: false));
        }

        if (namespaces.MissingVolume(pod) is { } volume)
        {
            events.FromKubelet(pod, "Warning", "FailedMount", volume);
            statuses.Waiting(pod, node, "ContainerCreating");
            Next(pod, FirstBackOff, () => Prepare(pod));
            return;
        }

        var needsPull = pod.Containers.Concat(pod.InitContainers).Any(container => !images.IsPresent((string)container["image"]!));
        // Settled by the time that anybody can see the pod wait for it.
        var delay = needsPull ? ImagePullDelay : TimeSpan.Zero;
        statuses.Waiting(pod, node, "ContainerCreating");
        Next(pod, delay, () => Pull(pod, node, FirstBackOff));
    }

    private void Pull(StoredPod pod, SimulatedNode node, TimeSpan backOff)
    {
        foreach (var container in pod.InitContainers.Concat(pod.Containers))
        {
            var image = (string)container["image"]!;
            if (Images.Mistake(image) is { } mistake)
            {
                var message = $"Failed to apply default image tag \"{image}\": couldn't parse image reference \"{image}\": invalid reference format{mistake}";
                events.FromKubelet(pod, "Warning", "InspectFailed", message, container);
                Wait(pod, node, container, "InvalidImageName", message, LongestBackOff, () => Pull(pod, node, backOff));
                return;
            }

            if (images.Refusal(image) is { } refusal)
            {
                Refuse(pod, node, container, refusal, backOff);
                return;
            }

            TellPulled(pod, container, image);
        }

        Configure(pod, node);
    }

    private void TellPulled(StoredPod pod, JsonObject container, string image)
    {
        if (images.IsPresent(image) && (string)container["imagePullPolicy"]! != "Always")
        {
            events.FromKubelet(pod, "Normal", "Pulled", $"Container image \"{image}\" already present on machine", container);
            return;
        }

        events.FromKubelet(pod, "Normal", "Pulling", $"Pulling image \"{image}\"", container);
        events.FromKubelet(pod, "Normal", "Pulled", $"Successfully pulled image \"{image}\" in {ImagePullDelay.TotalSeconds}s", container);
    }

    private void Refuse(StoredPod pod, SimulatedNode node, JsonObject container, string refusal, TimeSpan backOff)
    {
        var image = (string)container["image"]!;
        if ((string)container["imagePullPolicy"]! == "Never")
        {
            var missing = $"Container image \"{image}\" is not present with pull policy of Never";
            events.FromKubelet(pod, "Warning", "ErrImageNeverPull", missing, container);
            Wait(pod, node, container, "ErrImageNeverPull", missing, LongestBackOff, () => Pull(pod, node, backOff));
            return;
        }

        var full = Images.FullName(image);
        var message = $"rpc error: code = NotFound desc = failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\": {refusal}";
        events.FromKubelet(pod, "Normal", "Pulling", $"Pulling image \"{image}\"", container);
        events.FromKubelet(pod, "Warning", "Failed", $"Failed to pull image \"{image}\": {message}", container);
        Wait(pod, node, container, "ErrImagePull", message, TimeSpan.FromSeconds(1), () => BackOff(pod, node, container, backOff));
    }

    private void BackOff(StoredPod pod, SimulatedNode node, JsonObject container, TimeSpan backOff)
    {
        var next = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        var message = $"Back-off pulling image \"{container["image"]}\"";
        events.FromKubelet(pod, "Normal", "BackOff", message, container);
        Wait(pod, node, container, "ImagePullBackOff", message, backOff, () => Pull(pod, node, next));
    }

    private void Configure(StoredPod pod, SimulatedNode node)
    {
        foreach (var container in pod.Containers)
        {
            if (namespaces.MissingConfig(pod.Namespace, container) is { } missing)
            {
                events.FromKubelet(pod, "Warning", "Failed", $"Error: {missing}", container);
                statuses.Waiting(pod, node, "CreateContainerConfigError", missing);
                Next(pod, FirstBackOff, () => Configure(pod, node));
                return;
            }
        }

        Next(pod, options.ContainerStartDelay, () =>
        {
            foreach (var container in pod.InitContainers.Concat(pod.Containers))
            {
                events.FromKubelet(pod, "Normal", "Created", $"Created container {container["name"]}", container);
                events.FromKubelet(pod, "Normal", "Started", $"Started container {container["name"]}", container);
            }

            statuses.Running(pod);
        });
    }

    private void Wait(StoredPod pod, SimulatedNode node, JsonObject container, string reason, string message, TimeSpan retry, Action again)
    {
        events.FromKubelet(pod, "Warning", "Failed", $"Error: {reason}", container);
        statuses.Waiting(pod, node, reason, message);
        Next(pod, retry, again);
    }

    /// <summary>SIGTERM to the containers, SIGKILL after the grace, then the object goes.</summary>
    private void End(StoredPod pod, TimeSpan grace)
    {
        Stopping(pod);
        var polite = EndsOnTerm(pod) || pod.Phase == "Pending";
        Next(pod, polite && options.TerminationDelay < grace ? options.TerminationDelay : grace, () =>
        {
            processes.Kill(pod);
            if (pod.Phase == "Running")
            {
                statuses.Ended(pod, ContainerEnd.Of(polite ? 0 : 137));
            }

            Forget(pod);
        });
    }

    private void Stopping(StoredPod pod)
    {
        foreach (var container in pod.Phase == "Running" ? pod.Containers : [])
        {
            events.FromKubelet(pod, "Normal", "Killing", $"Stopping container {container["name"]}", container);
        }
    }

    /// <summary>Without any more grace: it is marked so, and gone.</summary>
    public void Forget(StoredPod pod)
    {
        pods.Change(pod, _ =>
        {
            pod.Metadata["deletionTimestamp"] = Time.Text(options.Clock.GetUtcNow());
            pod.Metadata["deletionGracePeriodSeconds"] = 0;
        });
        pods.Remove(pod);
    }

    /// <summary>As the first process of a container a program that doesn't handle SIGTERM isn't ended by it.</summary>
    private static bool EndsOnTerm(StoredPod pod)
    {
        var container = pod.Containers.First();
        var program = (container["command"] as JsonArray)?.FirstOrDefault() ?? (container["args"] as JsonArray)?.FirstOrDefault();
        return Path.GetFileName((string?)program) is not ("sleep" or "tail" or "cat");
    }

    /// <summary>Plans a pod's next step; whatever else happens to it first drops the plan.</summary>
    private void Next(StoredPod pod, TimeSpan delay, Action step)
    {
        var planned = ++pod.Step;
        timeline.After(delay, () =>
        {
            lock (pods.Lock)
            {
                if (!pod.IsRemoved && pod.Step == planned && !_lost.Contains(pod.NodeName!))
                {
                    step();
                }
            }
        });
    }
}

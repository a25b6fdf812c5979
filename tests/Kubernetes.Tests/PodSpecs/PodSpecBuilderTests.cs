using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

internal sealed class PodSpecBuilderTests
{
    private const string Seed =
        """
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "namespace": "my-namespace" },
          "spec": { "containers": [ { "args": ["sleep", "infinity"], "image": "my-custom-image", "stdin": true, "tty": true } ] }
        }
        """;

    [Test]
    public void NoOverride_GivesTheDefaultPod()
    {
        var pod = Pods.Build("");

        Assert.That(pod.Namespace, Is.EqualTo("default"));
        Assert.That(pod.WorkerContainer, Is.EqualTo("worker"));
        Assert.That(pod.At("spec", "restartPolicy")!.GetValue<string>(), Is.EqualTo("Never"));
        Assert.That(pod.At("spec", "automountServiceAccountToken")!.GetValue<bool>(), Is.False);
        Assert.That(Pods.Json(pod.At("spec", "volumes")), Is.EqualTo("""[{"name":"runner","emptyDir":{}}]"""));
        var worker = pod.Worker();
        Assert.That(worker["command"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That(worker.ContainsKey("args"), Is.False);
        Assert.That(Pods.Json(worker["resources"]), Is.EqualTo("""{"requests":{"cpu":"250m","memory":"100Mi"}}"""));
        Assert.That(Pods.Json(worker["volumeMounts"]), Is.EqualTo("""[{"name":"runner","mountPath":"/runner"}]"""));
        Assert.That(worker["image"]!.GetValue<string>(), Is.EqualTo("registry.example/default:1"));
    }

    [Test]
    public void OverrideOfTheSeed_MeetsTheWorker_AndDropsTheDefaultsCommand()
    {
        var pod = Pods.Build(Seed);

        Assert.That(pod.Namespace, Is.EqualTo("my-namespace"));
        Assert.That(pod.At("spec", "containers")!.AsArray(), Has.Count.EqualTo(1));
        var worker = pod.Worker();
        Assert.That(worker.ContainsKey("command"), Is.False);
        Assert.That(Pods.Json(worker["args"]), Is.EqualTo("""["sleep","infinity"]"""));
        Assert.That(worker["image"]!.GetValue<string>(), Is.EqualTo("my-custom-image"));
        Assert.That((worker["stdin"]!.GetValue<bool>(), worker["tty"]!.GetValue<bool>()), Is.EqualTo((true, true)));
        Assert.That(worker["resources"]!["requests"]!["cpu"]!.GetValue<string>(), Is.EqualTo("250m"));
    }

    [TestCase("spec: {containers: [{command: [a]}]}", """["a"]""", "null")]
    [TestCase("spec: {containers: [{args: [a]}]}", "null", """["a"]""")]
    [TestCase("spec: {containers: [{command: [a], args: [b]}]}", """["a"]""", """["b"]""")]
    [TestCase("spec: {containers: [{command: null}]}", "null", "null")]
    [TestCase("spec: {containers: [{name: worker, args: []}]}", "null", "[]")]
    public void CommandOrArguments_ReplaceBothOfTheDefault(string text, string command, string arguments)
    {
        var worker = Pods.Build(text).Worker();

        Assert.That((Pods.Json(worker["command"]), Pods.Json(worker["args"])), Is.EqualTo((command, arguments)));
    }

    [TestCase("limits: {memory: 32Mi}", """{"requests":{"cpu":"250m"},"limits":{"memory":"32Mi"}}""", "request of 100Mi memory was left out")]
    [TestCase("limits: {cpu: 0.1, memory: 33554432}", """{"requests":{},"limits":{"cpu":0.1,"memory":33554432}}""", "request of 250m cpu was left out")]
    [TestCase("limits: {memory: 100Mi, cpu: 1}", """{"requests":{"cpu":"250m","memory":"100Mi"},"limits":{"memory":"100Mi","cpu":1}}""", null)]
    [TestCase("{requests: {memory: 64Mi}, limits: {memory: 32Mi}}", """{"requests":{"cpu":"250m","memory":"64Mi"},"limits":{"memory":"32Mi"}}""", null)]
    public void LimitBelowTheDefaultsRequest_TakesTheRequestAway(string resources, string expected, string? note)
    {
        var pod = Pods.Build($"spec: {{containers: [{{resources: {(resources[0] == '{' ? resources : $"{{{resources}}}")}}}]}}");

        Assert.That(Pods.Json(pod.Worker()["resources"]), Is.EqualTo(expected));
        Assert.That(pod.Notes, note is null ? Has.None.Contains("left out") : Has.Some.Contains(note));
    }

    [Test]
    public void OverrideWrittenForAwx_WaitsForItsJob()
    {
        var pod = Pods.Build(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: awx}
            spec:
              serviceAccountName: default
              automountServiceAccountToken: false
              containers:
              - image: quay.io/ansible/awx-ee:latest
                name: worker
                args: [ansible-runner, worker, --private-data-dir=/runner]
                resources: {requests: {cpu: 250m, memory: 100Mi}}
            """);

        Assert.That(Pods.Json(pod.Worker()["command"]), Is.EqualTo(Pods.Json(Pods.Build("").Worker()["command"])));
        Assert.That(pod.Worker().ContainsKey("args"), Is.False);
        Assert.That(pod.Notes, Has.Some.Contains("args ansible-runner worker --private-data-dir=/runner were left out"));
    }

    [Test]
    public void IdentityOfTheJob_IsFixed_AndANoteSaysSo()
    {
        var pod = Pods.Build(
            """
            metadata:
              name: mine
              uid: 1-2-3
              labels: {app: web, containergroups.io/job: "7", ansible-awx-job-id: "7"}
            spec: {restartPolicy: Always}
            status: {phase: Running}
            """);

        Assert.That(pod.At("metadata", "name")!.GetValue<string>(), Is.EqualTo(pod.Name));
        Assert.That(pod.Name, Is.EqualTo(PodIdentity.Name("0f3c7c1e-install", 42, 1)));
        Assert.That(
            Pods.Json(pod.At("metadata", "labels")),
            Is.EqualTo("""{"app":"web","containergroups.io/job":"42","ansible-awx-job-id":"42","ansible-awx":"0f3c7c1e-install","containergroups.io/installation":"0f3c7c1e-install","containergroups.io/attempt":"1"}"""));
        Assert.That(pod.At("metadata", "uid"), Is.Null);
        Assert.That(pod.Pod.ContainsKey("status"), Is.False);
        Assert.That(pod.At("spec", "restartPolicy")!.GetValue<string>(), Is.EqualTo("Never"));
        Assert.That(pod.Notes, Has.Some.Contains("metadata.name is cg-job-42-1-").And.Contains("not the group's mine"));
        Assert.That(pod.Notes, Has.Some.Contains("metadata.labels['containergroups.io/job'] is 42"));
        Assert.That(pod.Notes, Has.Some.Contains("spec.restartPolicy is Never"));
        Assert.That(pod.Notes, Has.Some.Contains("metadata.uid, status"));
    }

    [Test]
    public void Names_AreDnsLabels_AndDifferByInstallationJobAndAttempt()
    {
        var names = new[]
        {
            PodIdentity.Name("a", 1, 1), PodIdentity.Name("b", 1, 1), PodIdentity.Name("a", 2, 1), PodIdentity.Name("a", 1, 2),
            PodIdentity.Name("a", 11, 1), PodIdentity.Name("a", 1, 11), PodIdentity.Name("a", long.MaxValue, int.MaxValue),
        };

        Assert.That(names, Is.Unique);
        Assert.That(names, Has.All.Matches<string>(name => name.Length <= 63 && Regex.IsMatch(name, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")));
        Assert.That(PodIdentity.Name("a", 1, 1), Is.EqualTo(names[0]));
    }

    [Test]
    public void JobName_BecomesAnAnnotation_CutAndOnOneLine()
    {
        var pod = PodSpecBuilder.Merge(Pods.Request() with { JobName = "deploy\nweb\0 " + new string('x', 500) });

        var annotation = pod.At("metadata", "annotations", PodIdentity.JobNameAnnotation)!.GetValue<string>();
        Assert.That(annotation, Does.StartWith("deploy web").And.Length.LessThanOrEqualTo(256));
        Assert.That(annotation.Any(char.IsControl), Is.False);
    }

    [TestCase(600, null, 600 + (3 * 3600))]
    [TestCase(null, null, 48 * 3600)]
    [TestCase(null, 300, 300)]
    [TestCase(null, 1_000_000, 48 * 3600)]
    [TestCase(600, 0, 600 + (3 * 3600))]
    public void Deadline_IsTheJobsOwn_UnlessTheGroupWantsAShorterOne(int? timeout, int? own, int seconds)
    {
        var text = own is null ? "" : $"spec: {{activeDeadlineSeconds: {own}}}";
        var request = Pods.Request(text) with { Timeout = timeout is { } limit ? TimeSpan.FromSeconds(limit) : null };

        var pod = PodSpecBuilder.Merge(request);

        Assert.That(pod.At("spec", "activeDeadlineSeconds")!.GetValue<long>(), Is.EqualTo(seconds));
        Assert.That(pod.Notes.Any(note => note.Contains("activeDeadlineSeconds")), Is.EqualTo(own is not null));
    }

    [TestCase("", null, "default")]
    [TestCase("", "awx", "awx")]
    [TestCase("metadata: {namespace: jobs}", "awx", "jobs")]
    public void Namespace_IsTheOverridesThenTheServersOwn(string text, string? own, string expected)
    {
        var pod = PodSpecBuilder.Merge(Pods.Request(text) with { OwnNamespace = own });

        Assert.That((pod.Namespace, pod.At("metadata", "namespace")!.GetValue<string>()), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void RunnerDirectory_IsPutBack_UnlessAnotherVolumeIsMountedThere()
    {
        var gone = Pods.Build("spec: {volumes: null, containers: [{volumeMounts: null}]}");
        var claim = Pods.Build("spec: {volumes: [{name: runner, persistentVolumeClaim: {claimName: c}}]}");
        var memory = Pods.Build("spec: {volumes: [{name: runner, emptyDir: {medium: Memory}}]}");
        var other = Pods.Build("spec: {volumes: [{name: big, nfs: {server: s, path: /}}], containers: [{volumeMounts: [{name: big, mountPath: /runner}]}]}");

        Assert.That(Pods.Json(gone.At("spec", "volumes")), Is.EqualTo("""[{"name":"runner","emptyDir":{}}]"""));
        Assert.That(Pods.Json(gone.Worker()["volumeMounts"]), Is.EqualTo("""[{"name":"runner","mountPath":"/runner"}]"""));
        Assert.That(gone.Notes, Has.Some.Contains("was put back"));
        Assert.That(Pods.Json(claim.At("spec", "volumes")), Is.EqualTo("""[{"name":"runner","persistentVolumeClaim":{"claimName":"c"}}]"""));
        Assert.That(Pods.Json(memory.At("spec", "volumes")), Is.EqualTo("""[{"name":"runner","emptyDir":{"medium":"Memory"}}]"""));
        Assert.That(Pods.Json(other.Worker()["volumeMounts"]), Is.EqualTo("""[{"name":"big","mountPath":"/runner"}]"""));
        Assert.That(other.Notes.Concat(claim.Notes).Concat(memory.Notes), Has.None.Contains("was put back"));
    }

    [Test]
    public void WholePodThatReplacesTheDefault_IsStillAPodOfItsJob()
    {
        var pod = Pods.Build("$patch: replace\nspec: {containers: [{name: worker, command: [sleep, infinity]}]}");

        Assert.That((pod.At("apiVersion")!.GetValue<string>(), pod.At("kind")!.GetValue<string>()), Is.EqualTo(("v1", "Pod")));
        Assert.That(pod.At("metadata", "name")!.GetValue<string>(), Is.EqualTo(pod.Name));
        Assert.That(Pods.Json(pod.Worker()["volumeMounts"]), Is.EqualTo("""[{"name":"runner","mountPath":"/runner"}]"""));
        Assert.That(pod.At("spec", "automountServiceAccountToken"), Is.Null);
    }

    [TestCase("spec: {containers: null}")]
    [TestCase("spec: {containers: [{$patch: delete, name: worker}]}")]
    [TestCase("spec: {containers: [{$patch: replace}, {name: other, image: i}]}")]
    public void OverrideWithoutWorker_IsAnError(string text) =>
        Assert.That(Pods.ErrorsOf(text).Single().ToString(), Does.StartWith("spec.containers: No container is left for the job to run in"));

    [Test]
    public void UnusableOverride_IsTheGroupsFault_AndNamesLineAndField()
    {
        var failure = Assert.Throws<BackendException>(() => PodSpecBuilder.Build(Pods.Request("spec:\n  containers:\n  - imge: x\n")))!;

        Assert.That(failure.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(failure.Message, Does.Contain("Line 3, column 5, spec.containers[0].imge: A Container has no field imge; did you mean image?"));
    }

    [Test]
    public void Origins_TellWhoGaveEachField()
    {
        var pod = PodSpecBuilder.Merge(Pods.Request(Seed) with { ImagePull = "always", OwnNamespace = "awx" });

        Assert.That(pod.Origins["spec.containers[0].image"], Is.EqualTo("group"));
        Assert.That(pod.Origins["metadata.namespace"], Is.EqualTo("group"));
        Assert.That(Pods.Build("").Origins["metadata.namespace"], Is.EqualTo("default"));
        Assert.That(Pods.Build("spec: {activeDeadlineSeconds: 60}").Origins["spec.activeDeadlineSeconds"], Is.EqualTo("group"));
        Assert.That(pod.Origins["spec.containers[0].imagePullPolicy"], Is.EqualTo("execution environment"));
        Assert.That(pod.Origins["spec.containers[0].args[1]"], Is.EqualTo("group"));
        Assert.That(pod.Origins["spec.containers[0].name"], Is.EqualTo("default"));
        Assert.That(pod.Origins["spec.containers[0].resources.requests.cpu"], Is.EqualTo("default"));
        Assert.That(pod.Origins["spec.volumes[0].emptyDir"], Is.EqualTo("default"));
        Assert.That(pod.Origins["metadata.labels['containergroups.io/job']"], Is.EqualTo("job"));
        Assert.That(pod.Origins["spec.activeDeadlineSeconds"], Is.EqualTo("job"));
        Assert.That(pod.Origins.Values.Distinct(), Is.SubsetOf(new[] { "default", "group", "job", "execution environment", "default execution environment" }));
    }
}

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

internal sealed class PodFieldChecksTests
{
    [TestCase("spec:\n  imagePullSecret: []", "Line 2, column 3, spec.imagePullSecret: A PodSpec has no field imagePullSecret; did you mean imagePullSecrets?")]
    [TestCase("spec:\n  nodeselector: {}", "Line 2, column 3, spec.nodeselector: A PodSpec has no field nodeselector; did you mean nodeSelector?")]
    [TestCase("spec:\n  contianers: []", "Line 2, column 3, spec.contianers: A PodSpec has no field contianers; did you mean containers?")]
    [TestCase("containers: []", "Line 1, column 1, containers: A Pod has no field containers; it belongs under spec.")]
    [TestCase("namespace: x", "Line 1, column 1, namespace: A Pod has no field namespace; it belongs under metadata.")]
    [TestCase("spec: {image: x}", "Line 1, column 8, spec.image: A PodSpec has no field image; it belongs to a container, an item of spec.containers.")]
    [TestCase("spec: {labels: {}}", "Line 1, column 8, spec.labels: A PodSpec has no field labels; it belongs under metadata.")]
    [TestCase("nonsense: 1", "Line 1, column 1, nonsense: A Pod has no field nonsense; it has apiVersion, kind, metadata and spec.")]
    [TestCase("kind: Deployment", "Line 1, column 7, kind: Only a Pod can be given, kind: Pod; this is a Deployment.")]
    [TestCase("apiVersion: apps/v1", "Line 1, column 13, apiVersion: A Pod's apiVersion is v1; this is apps/v1.")]
    [TestCase("spec: {containers: {image: x}}", "Line 1, column 20, spec.containers: Must be a list; it is a mapping. Begin each of its items with '- '.")]
    [TestCase("spec: []", "Line 1, column 7, spec: Must be a mapping; it is a list.")]
    [TestCase("spec: {containers: [x]}", "Line 1, column 21, spec.containers[0]: Must be a mapping; it is a text.")]
    [TestCase("spec: {containers: [~]}", "Line 1, column 21, spec.containers[0]: The item is empty.")]
    [TestCase("spec: {containers: [{env: [{name: A, value: 5}]}]}", "Line 1, column 45, spec.containers[0].env[0].value: Must be a text; it is the number 5. Put it in quotes.")]
    [TestCase("spec: {containers: [{env: [{name: A, value: yes}]}]}", "Line 1, column 45, spec.containers[0].env[0].value: Must be a text; it is the truth value true. Put it in quotes.")]
    [TestCase("spec: {containers: [{args: [--count, 3]}]}", "Line 1, column 38, spec.containers[0].args[1]: Must be a text; it is the number 3. Put it in quotes.")]
    [TestCase("spec: {containers: [{command: sleep 5}]}", "Line 1, column 31, spec.containers[0].command: Must be a list; it is a text.")]
    [TestCase("metadata: {labels: {build: 42}}", "Line 1, column 28, metadata.labels.build: Must be a text; it is the number 42. Put it in quotes.")]
    [TestCase("spec: {priority: high}", "Line 1, column 18, spec.priority: Must be a whole number; it is a text. Leave the quotes away if it has any.")]
    [TestCase("spec: {hostNetwork: 'true'}", "Line 1, column 21, spec.hostNetwork: Must be true or false; it is a text. Leave the quotes away if it has any.")]
    [TestCase("spec: {containers: [{resources: {limits: {memory: [1]}}}]}", "Line 1, column 51, spec.containers[0].resources.limits.memory: Must be an amount such as 250m or 1Gi; it is a list.")]
    [TestCase("spec: {containers: [{env: [{value: x}]}]}", "Line 1, column 28, spec.containers[0].env[0]: Needs a name: that is how an item of this list is told from another.")]
    [TestCase("spec: {imagePullSecrets: [{name: a}, {name: a}]}", "Line 1, column 45, spec.imagePullSecrets[1].name: The name a stands twice in this list, first in line 1.")]
    [TestCase("spec: {containers: [{name: worker, $patch: replace}]}", "Line 1, column 21, spec.containers[0]: In a list, $patch: replace stands in an item of its own and replaces the whole list; beside other fields it would drop them.")]
    public void SureFault_IsAnError_WithLineColumnAndField(string text, string message) =>
        Assert.That(Pods.ErrorsOf(text).Select(error => error.ToString()), Is.EqualTo(new[] { message }));

    [TestCase("spec:\n  containers:\n  - image: x\n  - tty: true\n", 4)]
    [TestCase("spec:\n  containers:\n  - image: x\n  - name: worker\n", 4)]
    [TestCase("spec:\n  containers:\n  - name: worker\n  - name: sidecar\n    image: z\n  - image: x\n", 6)]
    public void ContainerInTwoItems_IsAnError(string text, int line)
    {
        var error = Pods.ErrorsOf(text).Single();

        Assert.That(error.Place.Line, Is.EqualTo(line));
        Assert.That(error.Message, Does.StartWith("Two items of this list mean the worker"));
    }

    [Test]
    public void EveryFault_IsToldAtOnce() =>
        Assert.That(Pods.ErrorsOf("spec:\n  nodeselector: {}\n  containers:\n  - tty: 'yes'\n    env: [{name: 5}]\n").Select(error => error.Place.Line), Is.EqualTo(new[] { 2, 4, 5 }));

    [Test]
    public void FieldOfANewerKubernetes_StaysIn_AndANoteSaysSo()
    {
        var pod = Pods.Build("spec:\n  somethingBrandNew: {a: [1]}\n");

        Assert.That(Pods.Json(pod.At("spec", "somethingBrandNew")), Is.EqualTo("""{"a":[1]}"""));
        Assert.That(pod.Notes, Has.Some.StartsWith("Line 2, column 3, spec.somethingBrandNew: No PodSpec of Kubernetes 1.20 to 1.35 has a field somethingBrandNew"));
    }

    [Test]
    public void ContainerOfAnotherName_RunsBesideTheWorker_AndANoteSaysSo()
    {
        var pod = Pods.Build("spec: {containers: [{name: ansible, image: x}]}");

        Assert.That(pod.At("spec", "containers")!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(pod.Notes, Has.Some.StartsWith("The container ansible runs beside the worker"));
    }

    [Test]
    public void LegalPod_HasNoErrors() =>
        Assert.That(
            () => Pods.Build(
                """
                apiVersion: v1
                kind: Pod
                metadata: {labels: {team: web}, annotations: {note: "1"}}
                spec:
                  serviceAccountName: runner
                  imagePullSecrets: [{name: regcred}]
                  nodeSelector: {disk: ssd}
                  tolerations: [{key: dedicated, operator: Equal, value: ansible, effect: NoSchedule}]
                  affinity:
                    podAntiAffinity:
                      preferredDuringSchedulingIgnoredDuringExecution:
                      - weight: 100
                        podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: ansible-awx, operator: Exists}]}}
                  securityContext: {runAsNonRoot: true, fsGroup: 0, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - image: x
                    resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 2Gi}}
                    env: [{name: A, value: "1"}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}]
                    envFrom: [{configMapRef: {name: c}}]
                    volumeMounts: [{name: ca, mountPath: /ca, readOnly: true}]
                    livenessProbe: {httpGet: {path: /, port: web}}
                    securityContext: {capabilities: {drop: [ALL]}}
                  volumes: [{name: ca, configMap: {name: ca, defaultMode: 0644}}]
                """),
            Throws.Nothing);
}

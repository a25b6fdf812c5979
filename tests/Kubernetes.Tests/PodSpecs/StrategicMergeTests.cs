using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

/// <summary>What a patch makes of a pod; <c>MergeFacts</c> of the cluster tests holds the rules against a real API server.</summary>
internal sealed class StrategicMergeTests
{
    // Maps.
    [TestCase("metadata: {labels: {a: '1', b: '2'}}", "metadata: {labels: {b: '3', c: '4'}}", """{"metadata":{"labels":{"a":"1","b":"3","c":"4"}}}""")]
    [TestCase("metadata: {labels: {a: '1', b: '2'}}", "metadata: {labels: {a: null, z: null}}", """{"metadata":{"labels":{"b":"2"}}}""")]
    [TestCase("metadata: {labels: {a: '1'}}", "metadata: {labels: {$patch: replace, b: '2'}}", """{"metadata":{"labels":{"b":"2"}}}""")]
    [TestCase("metadata: {labels: {a: '1'}}", "metadata: {labels: {$patch: delete}}", """{"metadata":{"labels":{}}}""")]
    [TestCase("metadata: {labels: {a: '1'}}", "metadata: {labels: {$patch: merge, b: '2'}}", """{"metadata":{"labels":{"a":"1","b":"2"}}}""")]
    [TestCase("spec: {nodeSelector: {a: '1'}}", "spec: {nodeSelector: {b: '2'}}", """{"spec":{"nodeSelector":{"a":"1","b":"2"}}}""")]
    // Lists by key: what is new comes first, what is named keeps the patch's order.
    [TestCase("spec: {containers: [{name: a, image: x, tty: true}, {name: b, image: w}]}", "spec: {containers: [{name: a, image: z}]}",
        """{"spec":{"containers":[{"name":"a","image":"z","tty":true},{"name":"b","image":"w"}]}}""")]
    [TestCase("spec: {containers: [{name: a}]}", "spec: {containers: [{name: s}]}", """{"spec":{"containers":[{"name":"s"},{"name":"a"}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}, {name: b}, {name: c}]}", "spec: {imagePullSecrets: [{name: c}, {name: a}]}",
        """{"spec":{"imagePullSecrets":[{"name":"b"},{"name":"c"},{"name":"a"}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}, {name: b}]}", "spec: {imagePullSecrets: [{$patch: delete, name: a}, {name: d}]}",
        """{"spec":{"imagePullSecrets":[{"name":"d"},{"name":"b"}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}]}", "spec: {imagePullSecrets: [{name: b}, {$patch: replace}]}", """{"spec":{"imagePullSecrets":[{"name":"b"}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}]}", "spec: {imagePullSecrets: null}", """{"spec":{}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}]}", "spec: {imagePullSecrets: []}", """{"spec":{"imagePullSecrets":[{"name":"a"}]}}""")]
    [TestCase("spec: {containers: [{name: a, env: [{name: X, value: '1'}, {name: Z, value: '2'}]}]}",
        "spec: {containers: [{name: a, env: [{name: Z, value: null, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}",
        """{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Z","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}}""")]
    [TestCase("spec: {containers: [{name: a, ports: [{containerPort: 80, name: x}]}]}", "spec: {containers: [{name: a, ports: [{containerPort: 80, name: q}]}]}",
        """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"q"}]}]}}""")]
    [TestCase("spec: {containers: [{name: a, volumeMounts: [{mountPath: /a, name: v}]}]}", "spec: {containers: [{name: a, volumeMounts: [{mountPath: /b, name: v}]}]}",
        """{"spec":{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/b","name":"v"},{"mountPath":"/a","name":"v"}]}]}}""")]
    [TestCase("spec: {hostAliases: [{ip: 1.1.1.1, hostnames: [a]}]}", "spec: {hostAliases: [{ip: 1.1.1.1, hostnames: [b]}]}",
        """{"spec":{"hostAliases":[{"ip":"1.1.1.1","hostnames":["b"]}]}}""")]
    [TestCase("spec: {topologySpreadConstraints: [{topologyKey: z, maxSkew: 1}]}", "spec: {topologySpreadConstraints: [{topologyKey: z, maxSkew: 2}]}",
        """{"spec":{"topologySpreadConstraints":[{"topologyKey":"z","maxSkew":2}]}}""")]
    // Lists without one are replaced.
    [TestCase("spec: {tolerations: [{key: a}]}", "spec: {tolerations: [{key: b}]}", """{"spec":{"tolerations":[{"key":"b"}]}}""")]
    [TestCase("spec: {containers: [{name: a, args: [x, y]}]}", "spec: {containers: [{name: a, args: [z]}]}", """{"spec":{"containers":[{"name":"a","args":["z"]}]}}""")]
    [TestCase("spec: {containers: [{name: a, envFrom: [{prefix: x}]}]}", "spec: {containers: [{name: a, envFrom: [{prefix: q}]}]}",
        """{"spec":{"containers":[{"name":"a","envFrom":[{"prefix":"q"}]}]}}""")]
    // Scalars merge as a set.
    [TestCase("metadata: {finalizers: [a/b, c/d]}", "metadata: {finalizers: [e/f, a/b]}", """{"metadata":{"finalizers":["e/f","a/b","c/d"]}}""")]
    [TestCase("metadata: {finalizers: [a/b, c/d]}", "metadata: {$deleteFromPrimitiveList/finalizers: [a/b]}", """{"metadata":{"finalizers":["c/d"]}}""")]
    // Directives.
    [TestCase("spec: {volumes: [{name: v, emptyDir: {}}]}", "spec: {volumes: [{name: v, $retainKeys: [name, nfs], nfs: {server: s, path: /}}]}",
        """{"spec":{"volumes":[{"name":"v","nfs":{"server":"s","path":"/"}}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}, {name: b}]}", "spec: {$setElementOrder/imagePullSecrets: [{name: b}, {name: c}, {name: a}], imagePullSecrets: [{name: c}]}",
        """{"spec":{"imagePullSecrets":[{"name":"b"},{"name":"c"},{"name":"a"}]}}""")]
    [TestCase("spec: {imagePullSecrets: [{name: a}, {name: b}]}", "spec: {$setElementOrder/imagePullSecrets: [{name: b}, {name: a}]}",
        """{"spec":{"imagePullSecrets":[{"name":"b"},{"name":"a"}]}}""")]
    // What meets nothing comes without nulls and directives.
    [TestCase("spec: {}", "spec: {containers: [{name: a, image: null, env: [{$patch: delete, name: x}, {name: q}]}]}",
        """{"spec":{"containers":[{"name":"a","env":[{"name":"q"}]}]}}""")]
    public void Patch_MergesAsKubernetesDoes(string original, string patch, string expected) =>
        Assert.That(Merge(original, patch), Is.EqualTo(expected));

    [TestCase("spec: {containers: [{name: a, env: [{name: b}]}]}", "spec: {containers: [{name: a, env: [{value: x}]}]}", "Needs a name")]
    [TestCase("metadata: {labels: {}}", "metadata: {labels: {$patch: nonsense}}", "$patch is replace, delete or merge.")]
    [TestCase("spec: {volumes: [{name: v}]}", "spec: {volumes: [{name: v, $retainKeys: [name], nfs: {server: s}}]}", "$retainKeys must name nfs")]
    [TestCase("spec: {volumes: [{name: v}]}", "spec: {volumes: [{name: v, $retainKeys: name}]}", "Must be a list; it is a text.")]
    [TestCase("spec: {tolerations: [{key: a}]}", "spec: {$setElementOrder/tolerations: [{key: a}]}", "needs no $setElementOrder")]
    [TestCase("spec: {imagePullSecrets: [{name: a}]}", "spec: {$setElementOrder/imagePullSecrets: [{name: a}], imagePullSecrets: [{name: c}]}", "must name every item")]
    public void PatchThatContradictsItself_IsAnError(string original, string patch, string message) =>
        Assert.That(Assert.Throws<PodSpecException>(() => Merge(original, patch))!.Message, Does.Contain(message));

    private static string Merge(string original, string patch) =>
        StrategicMerge.Merge(PodTextReader.Read(original, "old"), PodTextReader.Read(patch, "new")).ToJson().ToJsonString();
}

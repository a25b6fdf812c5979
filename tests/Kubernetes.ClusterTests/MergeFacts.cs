using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Overrides merge as the API server itself merges the same patch. A pod's own spec can't be changed by a patch: pod templates can.
/// Needs a real cluster.</summary>
[TestFixtureSource(nameof(Kubeconfigs)), Category("Cluster")]
public sealed class MergeFacts(string kubeconfig)
{
    private const string Original =
        """
        metadata:
          labels: {a: "1", b: "1"}
          finalizers: [example.com/a, example.com/b]
        spec:
          nodeSelector: {disk: ssd, zone: a}
          imagePullSecrets: [{name: a}, {name: b}, {name: c}]
          tolerations: [{key: k, operator: Exists}]
          hostAliases: [{ip: 1.1.1.1, hostnames: [one]}, {ip: 2.2.2.2, hostnames: [two]}]
          topologySpreadConstraints:
          - {topologyKey: zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {a: "1"}}}
          securityContext: {runAsUser: 1, supplementalGroups: [1, 2]}
          containers:
          - name: worker
            image: i
            args: [p, q]
            env: [{name: A, value: "1"}, {name: B, value: "2"}, {name: C, value: "3"}]
            envFrom: [{configMapRef: {name: c}}]
            ports: [{containerPort: 80, name: web}, {containerPort: 81}]
            resources: {requests: {cpu: 250m, memory: 1Gi}}
            volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /w}]
          - {name: side, image: s}
          initContainers: [{name: first, image: f}]
          volumes: [{name: v, emptyDir: {}}, {name: w, hostPath: {path: /w}}]
        """;

    private Cluster _cluster = null!;
    private RealCluster _admin = null!;

    private static IEnumerable<string> Kubeconfigs => string.IsNullOrEmpty(ClusterKinds.Kubeconfig) ? [] : [ClusterKinds.Kubeconfig];

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        _cluster = await RealCluster.OpenAsync(kubeconfig);
        _admin = (RealCluster)_cluster.Admin;
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.CloseAsync();
        }
    }

    [TestCase("metadata: {labels: {b: '2', c: '3', a: null}}")]
    [TestCase("metadata: {labels: {$patch: replace, z: '1'}}")]
    [TestCase("metadata: {labels: {$patch: delete}}")]
    [TestCase("metadata: {finalizers: [example.com/c, example.com/a]}")]
    [TestCase("metadata: {$deleteFromPrimitiveList/finalizers: [example.com/a]}")]
    [TestCase("spec: {nodeSelector: {zone: null, new: x}}")]
    [TestCase("spec: {nodeSelector: null, tolerations: null}")]
    [TestCase("spec: {imagePullSecrets: [{name: d}]}")]
    [TestCase("spec: {imagePullSecrets: [{name: c}, {name: d}, {name: a}]}")]
    [TestCase("spec: {imagePullSecrets: [{$patch: delete, name: b}]}")]
    [TestCase("spec: {imagePullSecrets: [{name: d}, {$patch: replace}]}")]
    [TestCase("spec: {imagePullSecrets: []}")]
    [TestCase("spec: {$setElementOrder/imagePullSecrets: [{name: c}, {name: d}, {name: a}], imagePullSecrets: [{name: d}]}")]
    [TestCase("spec: {tolerations: [{key: l, operator: Exists}]}")]
    [TestCase("spec: {hostAliases: [{ip: 2.2.2.2, hostnames: [three]}, {ip: 3.3.3.3, hostnames: [x]}]}")]
    [TestCase("spec: {topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2}]}")]
    [TestCase("spec: {securityContext: {runAsUser: null, supplementalGroups: [3]}}")]
    [TestCase("spec: {containers: [{name: worker, args: [z], tty: true}]}")]
    [TestCase("spec: {containers: [{name: new, image: m}]}")]
    [TestCase("spec: {containers: [{name: side, image: t}, {name: new, image: m}, {name: worker}]}")]
    [TestCase("spec: {containers: [{name: worker, env: [{name: C, value: '4'}, {name: D, value: '5'}, {name: A, $patch: delete}]}]}")]
    [TestCase("spec: {containers: [{name: worker, env: [{name: B, value: null, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}")]
    [TestCase("spec: {containers: [{name: worker, envFrom: [{secretRef: {name: s}}], ports: [{containerPort: 80, name: http}, {containerPort: 82}]}]}")]
    [TestCase("spec: {containers: [{name: worker, resources: {requests: {cpu: '1'}, limits: {memory: 2Gi}}}]}")]
    [TestCase("spec: {containers: [{name: worker, volumeMounts: [{mountPath: /x, name: v}, {mountPath: /v, name: w}]}]}")]
    [TestCase("spec: {containers: [{$patch: replace}, {name: only, image: o}]}")]
    [TestCase("spec: {initContainers: [{name: first, image: g}, {name: second, image: h}]}")]
    [TestCase("spec: {volumes: [{name: w, $retainKeys: [name, nfs], nfs: {server: s, path: /}}, {name: m, emptyDir: {medium: Memory}}]}")]
    public async Task Patch_MergesAsTheServerMergesIt(string text)
    {
        var original = await _admin.CompleteAsync(Read(Original).ToJson());
        var patch = Read(text);

        var theirs = await _admin.MergeAsync(original, patch.ToJson());
        var merged = StrategicMerge.Merge((PodMap)PodNode.From(original, FieldOrigins.Default), patch);

        // Put through the same server, so that what is new gets the same defaults.
        var ours = await _admin.CompleteAsync(merged.ToJson());
        Assert.That(ours.ToJsonString(), Is.EqualTo(theirs.ToJsonString()));
    }

    private static PodMap Read(string text) => PodTextReader.Read(text, FieldOrigins.Group);
}

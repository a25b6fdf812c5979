using System.Net;
using ContainerGroups.Kubernetes.ClusterTests;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace ContainerGroups.Kubernetes.OfficialClientTests;

/// <summary>The cluster is one for a client that knows nothing of this product, and reads every field that it is sent.</summary>
public sealed class CallFacts(string kind) : ClusterFacts(kind)
{
    private IKubernetes _client = null!;
    private string _name = "";

    private string Namespace => Cluster.Namespace;

    private string Selector => "fact=" + _name;

    [OneTimeSetUp]
    public void Connect() => _client = OfficialClient.Connect(Cluster);

    [OneTimeTearDown]
    public void Disconnect() => _client.Dispose();

    [SetUp]
    public void ChooseName() => _name = "official-" + Guid.NewGuid().ToString("N")[..6];

    [Test]
    public async Task APod_IsCreatedReadListedAndDeleted()
    {
        var created = await _client.CoreV1.CreateNamespacedPodAsync(Typed(_name), Namespace);
        var read = await _client.CoreV1.ReadNamespacedPodAsync(_name, Namespace);
        var listed = await _client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: Selector);

        Assert.That((read.Uid(), listed.Items.Single().Uid()), Is.EqualTo((created.Uid(), created.Uid())));
        Assert.That(read.Spec.Containers[0].Resources.Requests["cpu"].ToString(), Is.EqualTo("10m"));
        Assert.That(read.Spec.Volumes[0].EmptyDir, Is.Not.Null);
        Assert.That(read.CreationTimestamp()!.Value.Kind, Is.EqualTo(DateTimeKind.Utc));

        await DeleteAsync(created);

        var refusal = Assert.ThrowsAsync<HttpOperationException>(() => _client.CoreV1.ReadNamespacedPodAsync(_name, Namespace))!;
        Assert.That((refusal.Status().Code, refusal.Status().Reason, refusal.Status().Details.Name), Is.EqualTo(((int?)404, "NotFound", _name)));
    }

    [Test]
    public async Task AnotherPodOfTheName_IsNotDeleted()
    {
        await CreateAsync(Pod(_name));
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "abc" } };

        var refusal = Assert.ThrowsAsync<HttpOperationException>(() => _client.CoreV1.DeleteNamespacedPodAsync(_name, Namespace, options))!;

        Assert.That((refusal.Response.StatusCode, refusal.Status().Reason), Is.EqualTo((HttpStatusCode.Conflict, "Conflict")));
    }

    [Test]
    public async Task AWatch_TellsAPodsWholeLife()
    {
        var created = await _client.CoreV1.CreateNamespacedPodAsync(Typed(_name), Namespace);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var told = new List<string>();
        await foreach (var (type, pod) in _client.CoreV1.WatchListNamespacedPodAsync(
            Namespace, labelSelector: Selector, resourceVersion: created.ResourceVersion(), allowWatchBookmarks: true, cancellationToken: deadline.Token))
        {
            if (type != WatchEventType.Bookmark)
            {
                Assert.That(pod.Uid(), Is.EqualTo(created.Uid()));
                told.Add($"{type} {pod.Status.Phase}");
            }

            if (told.LastOrDefault() == "Modified Running" && pod.Metadata.DeletionTimestamp is null)
            {
                await DeleteAsync(pod);
            }

            if (type == WatchEventType.Deleted)
            {
                break;
            }
        }

        Assert.That(told, Has.Member("Modified Pending").And.Member("Modified Running"));
        Assert.That(told[^1], Does.StartWith("Deleted "));
    }

    [Test]
    public async Task AWatchOfAVersionTooOld_IsToldAsExpired()
    {
        var errors = new List<Exception>();
        await foreach (var (type, _) in _client.CoreV1.WatchListNamespacedPodAsync(Namespace, resourceVersion: "1", timeoutSeconds: 2, onError: errors.Add))
        {
            Assert.Fail($"{type} came.");
        }

        var status = ((KubernetesException)errors.Single()).Status;
        Assert.That((status.Code, status.Reason), Is.EqualTo(((int?)410, "Expired")));
    }

    [Test]
    public async Task Pages_ShowEveryPodOnce()
    {
        foreach (var part in new[] { "a", "b", "c" })
        {
            var pod = Pod($"{_name}-{part}");
            pod["metadata"]!["labels"]!["fact"] = _name;
            await CreateAsync(pod);
        }

        var first = await _client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: Selector, limit: 2);
        var second = await _client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: Selector, limit: 2, continueParameter: first.Continue());

        Assert.That(first.Items.Concat(second.Items).Select(pod => pod.Name()), Is.EqualTo(new[] { $"{_name}-a", $"{_name}-b", $"{_name}-c" }));
        Assert.That((second.Continue() ?? "", second.ResourceVersion()), Is.EqualTo(("", first.ResourceVersion())));
    }

    [Test]
    public void ARefusedPod_IsToldByField()
    {
        var pod = Typed(_name);
        pod.Spec.RestartPolicy = "Sometimes";

        var refusal = Assert.ThrowsAsync<HttpOperationException>(() => _client.CoreV1.CreateNamespacedPodAsync(pod, Namespace))!;

        Assert.That(refusal.Response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(refusal.Status().Details.Causes.Select(cause => (cause.Field, cause.Reason)), Is.EqualTo(new[] { ("spec.restartPolicy", "FieldValueNotSupported") }));
    }

    [Test]
    public async Task ADryRun_IsAnsweredWithDefaults_AndStoresNothing()
    {
        var pod = await _client.CoreV1.CreateNamespacedPodAsync(Typed(_name), Namespace, dryRun: "All");

        Assert.That((pod.Spec.DnsPolicy, pod.Status.Phase), Is.EqualTo(("ClusterFirst", "Pending")));
        Assert.That((await _client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: Selector)).Items, Is.Empty);
    }

    [Test]
    public async Task ALabel_IsPatched()
    {
        await CreateAsync(Pod(_name));
        var patch = new V1Patch("""{"metadata":{"labels":{"color":"red"}}}""", V1Patch.PatchType.MergePatch);

        var pod = await _client.CoreV1.PatchNamespacedPodAsync(patch, _name, Namespace);

        Assert.That(pod.Labels(), Does.ContainKey("color").WithValue("red").And.ContainKey("fact").WithValue(_name));
    }

    [Test]
    public async Task Events_TellOfThePod()
    {
        await Cluster.Admin.AllowEventsAsync(true);
        await Eventually.BeAsync(() => _client.MayAsync(Namespace, "list", "events"), "the role is in force");
        var created = await CreateAsync(Pod(_name));
        await RunsAsync(created);

        IList<Corev1Event> events = [];
        await Eventually.BeAsync(async () =>
        {
            events = (await _client.CoreV1.ListNamespacedEventAsync(Namespace, fieldSelector: $"involvedObject.name={_name}")).Items;
            return events.Any(one => one.Reason == "Started");
        }, "there is an event Started");

        Assert.That(events.Select(one => one.InvolvedObject.Uid), Is.All.EqualTo((string?)created["metadata"]!["uid"]));
        Assert.That(events.Single(one => one.Reason == "Scheduled").EventTime, Is.Not.Null);
    }

    [Test]
    public async Task TheVersion_IsForEverybody() => Assert.That((await _client.Version.GetCodeAsync()).GitVersion, Does.Match(@"^v1\.\d+\.\d+"));

    private V1Pod Typed(string name) => KubernetesJson.Deserialize<V1Pod>(Pod(name).ToJsonString());

    private Task<V1Pod> DeleteAsync(V1Pod pod) => _client.CoreV1.DeleteNamespacedPodAsync(
        pod.Name(), Namespace, new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Uid() } });
}

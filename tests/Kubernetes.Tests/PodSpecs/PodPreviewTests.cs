using System.Text.Json.Nodes;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.PodSpecs;
using ContainerGroups.Kubernetes.Tests.Api;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

internal sealed class PodPreviewTests
{
    private ScriptedServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ScriptedServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public void DefaultSpec_IsTheDefaultPod_WithNamespaceAndImage()
    {
        var pod = JsonNode.Parse(Preview().DefaultSpec)!;

        Assert.That(pod["metadata"]!["namespace"]!.GetValue<string>(), Is.EqualTo("own"));
        Assert.That(pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>(), Is.EqualTo("quay.io/ansible/awx-ee:latest"));
        Assert.That(pod["spec"]!["containers"]![0]!["name"]!.GetValue<string>(), Is.EqualTo("worker"));
    }

    [Test]
    public void DefaultSpec_IsALegalOverride() => Assert.That(Preview().ValidateSpec(Preview().DefaultSpec), Is.Empty);

    [Test]
    public void Validation_NamesEachFieldWithItsPlace()
    {
        var errors = Preview().ValidateSpec("spec:\n  nodeselector: {}\n  containers: {}\n");

        Assert.That(errors.Select(error => error.Field), Is.EqualTo(new[] { "spec.nodeselector", "spec.containers" }));
        Assert.That(errors[0].Message, Does.StartWith("Line 2, column 3, spec.nodeselector: "));
    }

    [Test]
    public async Task NotAsked_TheClusterHearsNothing()
    {
        var preview = await Preview().PreviewAsync(Request("spec: {hostNetwork: true}"), false, CancellationToken.None);

        Assert.That(JsonNode.Parse(preview.Spec)!["spec"]!["hostNetwork"]!.GetValue<bool>(), Is.True);
        Assert.That(preview.Origins["spec.hostNetwork"], Is.EqualTo("group"));
        Assert.That(preview.Notes, Has.Some.Contains("The worker's image is"));
        Assert.That(preview.Verdict, Is.Null);
        Assert.That(_server.Seen, Is.Empty);
    }

    [Test]
    public async Task AcceptedPod_WasOnlyTried()
    {
        _server.Then(201, PodTexts.Pod("a"));

        var preview = await Preview().PreviewAsync(Request("metadata: {namespace: jobs}"), true, CancellationToken.None);

        Assert.That(preview.Verdict!.Accepted, Is.True);
        Assert.That(preview.Verdict.Message, Does.StartWith("The cluster would create this pod in namespace jobs."));
        Assert.That(_server.Seen.Single().Target, Does.StartWith("/api/v1/namespaces/jobs/pods?dryRun=All"));
    }

    [Test]
    public async Task RefusedPod_IsToldInKubernetesWords()
    {
        _server.Then(422, Statuses.Failure(422, "Invalid", "Pod \"x\" is invalid: spec.containers[0].image: Required value"));

        var verdict = (await Preview().PreviewAsync(Request(""), true, CancellationToken.None)).Verdict!;

        Assert.That(verdict.Accepted, Is.False);
        Assert.That(verdict.Message, Does.Contain("spec.containers[0].image: Required value"));
    }

    [Test]
    public async Task ClusterThatDoesNotKnowUs_GivesNoVerdict()
    {
        _server.Then(401, Statuses.Failure(401, "Unauthorized", "Unauthorized"));

        var verdict = (await Preview().PreviewAsync(Request(""), true, CancellationToken.None)).Verdict!;

        Assert.That(verdict.Accepted, Is.Null);
        Assert.That(verdict.Message, Does.Contain("Unauthorized"));
    }

    [Test]
    public async Task GroupWithoutCredential_GetsItsPodAllTheSame()
    {
        var preview = new PodPreview(Describe, _ => throw new BackendException(BackendFailureReason.Unauthorized, "No credential."), "own");

        var shown = await preview.PreviewAsync(Request(""), true, CancellationToken.None);

        Assert.That(shown.Spec, Does.Contain("\"worker\""));
        Assert.That((shown.Verdict!.Accepted, shown.Verdict.Message), Is.EqualTo(((bool?)null, "No credential.")));
    }

    [Test]
    public void UnusableOverride_IsTheGroupsFault()
    {
        var failure = Assert.ThrowsAsync<BackendException>(() => Preview().PreviewAsync(Request("spec: 5"), true, CancellationToken.None))!;

        Assert.That(failure.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(_server.Seen, Is.Empty);
    }

    private PodPreview Preview()
    {
        var api = _server.Client(new FakeClock());
        return new PodPreview(Describe, _ => api, "own");
    }

    private static PodSpecRequest Describe(ProvisionRequest request) =>
        Pods.Request(request.Target.PodSpecOverride) with { JobId = request.JobId, OwnNamespace = "own" };

    private static ProvisionRequest Request(string text) => new()
    {
        Target = new BackendTarget { InstanceGroupId = 1, InstanceGroupName = "pods", PodSpecOverride = text },
        JobId = 0,
        Attempt = 1,
    };
}

using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

internal sealed class ImageChoiceTests
{
    private const string Override = "spec: {containers: [{image: group}]}";

    [TestCase("job", Override, "default", "job", "execution environment", "which comes before group of the group's override and default of the default execution environment.")]
    [TestCase(null, Override, "default", "group", "group", "which comes before default of the default execution environment.")]
    [TestCase("", "", "default", "default", "default execution environment", "from the default execution environment.")]
    [TestCase(null, "spec: {containers: [{image: ''}]}", "default", "default", "default execution environment", "from the default execution environment.")]
    [TestCase(null, "", null, DefaultPod.Image, "default", "from the default in code.")]
    [TestCase("job", "", null, "job", "execution environment", "from the job's execution environment.")]
    public void FirstImageThatIsSet_Wins_AndTheNoteNamesWhatItBeat(string? job, string text, string? fallback, string image, string origin, string note)
    {
        var pod = PodSpecBuilder.Merge(Pods.Request(text) with { Image = job, DefaultImage = fallback });

        Assert.That((pod.Image, pod.Worker()["image"]!.GetValue<string>()), Is.EqualTo((image, image)));
        Assert.That(pod.Origins["spec.containers[0].image"], Is.EqualTo(origin));
        Assert.That(pod.Notes, Has.Some.StartsWith($"The worker's image is {image}, from ").And.EndsWith(note));
    }

    [TestCase("always", "Always")]
    [TestCase("missing", "IfNotPresent")]
    [TestCase("never", "Never")]
    [TestCase("", null)]
    public void PullOfTheEnvironment_BecomesThePolicy(string pull, string? policy)
    {
        var worker = PodSpecBuilder.Merge(Pods.Request() with { ImagePull = pull }).Worker();

        Assert.That(worker["imagePullPolicy"]?.GetValue<string>(), Is.EqualTo(policy));
    }

    [Test]
    public void PolicyOfTheGroup_ComesBeforeTheEnvironments_AndANoteSaysSo()
    {
        var pod = PodSpecBuilder.Merge(Pods.Request("spec: {containers: [{imagePullPolicy: Never}]}") with { ImagePull = "always" });

        Assert.That(pod.Worker()["imagePullPolicy"]!.GetValue<string>(), Is.EqualTo("Never"));
        Assert.That(pod.Notes, Has.Some.Contains("imagePullPolicy is the group's Never, which comes before Always"));
    }

    [Test]
    public void Sidecars_KeepTheirImages_AndTheirOrder()
    {
        var pod = PodSpecBuilder.Merge(Pods.Request("spec: {containers: [{image: group}, {name: proxy, image: envoy}]}") with { Image = "job" });

        Assert.That(
            pod.Pod["spec"]!["containers"]!.AsArray().Select(container => $"{container!["name"]} {container["image"]}"),
            Is.EqualTo(new[] { "worker job", "proxy envoy" }));
    }
}

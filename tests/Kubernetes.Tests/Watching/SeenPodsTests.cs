using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Watching;

namespace ContainerGroups.Kubernetes.Tests.Watching;

internal sealed class SeenPodsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private SeenPods _pods = null!;

    [SetUp]
    public void Make() => _pods = new SeenPods();

    [Test]
    public void Change_WakesWhoLooked()
    {
        using var hold = _pods.Hold("a");
        var before = _pods.Look("a");

        _pods.Saw(Pod("a", "1", "Running"));

        Assert.That(before.Pod, Is.Null);
        Assert.That(before.Changed.IsCompleted, Is.True);
        Assert.That(_pods.Look("a").Pod?.Phase, Is.EqualTo("Running"));
        Assert.That(_pods.Look("a").Changed.IsCompleted, Is.False);
    }

    [Test]
    public void AnswerThatComesLate_DoesNotPutBackWhatIsGone()
    {
        using var hold = _pods.Hold("a");
        _pods.Saw(Pod("a", "1"));
        _pods.Deleted(Pod("a", "1"));

        _pods.Heard(Pod("a", "1"));

        Assert.That(_pods.Look("a").Pod, Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void PodThatAListLacked_IsBackWithTheNextWordOfTheCluster(bool watched)
    {
        using var hold = _pods.Hold("a");
        var pod = Pod("a", "1", "Pending");
        _pods.Heard(pod);

        // By the cluster's clock, which is behind, it was made before the list was asked for.
        _pods.Replace([], Now);
        var afterTheList = _pods.Look("a").Pod;
        if (watched)
        {
            _pods.Saw(pod with { Phase = "Running" });
        }
        else
        {
            _pods.Replace([pod with { Phase = "Running" }], Now.AddSeconds(3));
        }

        Assert.That(afterTheList, Is.Null);
        Assert.That(_pods.Look("a").Pod?.Phase, Is.EqualTo("Running"));
    }

    [Test]
    public void AnswerThatComesLate_DoesNotHideWhatTheWatchSaw()
    {
        using var hold = _pods.Hold("a");
        _pods.Saw(Pod("a", "1", "Running"));

        _pods.Heard(Pod("a", "1", "Pending"));

        Assert.That(_pods.Look("a").Pod?.Phase, Is.EqualTo("Running"));
    }

    [Test]
    public void AnswerBeforeTheWatch_IsSeen()
    {
        using var hold = _pods.Hold("a");

        _pods.Heard(Pod("a", "1", "Pending"));

        Assert.That(_pods.Look("a").Pod?.Phase, Is.EqualTo("Pending"));
    }

    [Test]
    public void NextPodOfTheName_IsNotTheOneThatIsGone()
    {
        using var hold = _pods.Hold("a");
        _pods.Saw(Pod("a", "1"));
        _pods.Saw(Pod("a", "2"));

        _pods.Deleted(Pod("a", "1"));

        Assert.That(_pods.Look("a").Pod?.Uid, Is.EqualTo("2"));
    }

    [Test]
    public void List_RemovesWhatWasMissed_ButNotWhatIsNewerThanTheQuestion()
    {
        using var old = _pods.Hold("old");
        using var fresh = _pods.Hold("fresh");
        _pods.Saw(Pod("old", "1") with { CreatedAt = Now.AddMinutes(-5) });
        _pods.Heard(Pod("fresh", "2") with { CreatedAt = Now.AddSeconds(1) });
        var waiting = _pods.Look("old").Changed;

        _pods.Replace([Pod("other", "3")], Now);

        Assert.That(waiting.IsCompleted, Is.True);
        Assert.That(_pods.Look("old").Pod, Is.Null);
        Assert.That(_pods.Look("fresh").Pod, Is.Not.Null);
        Assert.That(_pods.Look("other").Pod, Is.Not.Null);
    }

    private static Pod Pod(string name, string uid, string phase = "") => new() { Name = name, Uid = uid, Phase = phase, CreatedAt = Now.AddHours(-1) };
}

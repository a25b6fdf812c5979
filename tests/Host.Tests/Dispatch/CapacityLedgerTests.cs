using ContainerGroups.Host.Dispatch;

namespace ContainerGroups.Host.Tests.Dispatch;

public sealed class CapacityLedgerTests
{
    [Test]
    public void FullFirstGroup_FallsToTheSecondInOrder()
    {
        var ledger = new CapacityLedger([Pods(1, maxJobs: 1), Pods(2)], []);

        var placements = Enumerable.Range(0, 3).Select(_ => ledger.Place([1, 2], 1)!.InstanceGroupId);

        Assert.That(placements, Is.EqualTo(new[] { 1L, 2L, 2L }));
    }

    [Test]
    public void MaxConcurrentJobs_CountsWhatAlreadyRuns()
    {
        var ledger = new CapacityLedger([Pods(1, maxJobs: 2) with { Jobs = 2 }], []);

        Assert.That(ledger.Place([1], 1), Is.Null);
    }

    [TestCase(4, true)]
    [TestCase(5, false)]
    public void MaxForks_IsNeverExceeded(int impact, bool placed)
    {
        var ledger = new CapacityLedger([Pods(1) with { MaxForks = 10, Forks = 6 }], []);

        Assert.That(ledger.Place([1], impact), placed ? Is.Not.Null : Is.Null);
    }

    [Test]
    public void Instance_WithTheMostLeft_IsTaken()
    {
        var ledger = new CapacityLedger([Instances(1, "a", "b")], [Instance("a", 10, consumed: 8, jobs: 1), Instance("b", 10, consumed: 3, jobs: 1)]);

        Assert.That(ledger.Place([1], 1), Is.EqualTo(new Placement(1, "b")));
    }

    [Test]
    public void Tie_GoesToTheFirst()
    {
        var ledger = new CapacityLedger([Instances(1, "a", "b")], [Instance("a", 10), Instance("b", 10)]);

        Assert.That(ledger.Place([1], 1)!.Hostname, Is.EqualTo("a"));
    }

    [Test]
    public void PlacedJobs_CountAtOnce()
    {
        var ledger = new CapacityLedger([Instances(1, "a", "b")], [Instance("a", 10), Instance("b", 10)]);

        var hostnames = Enumerable.Range(0, 4).Select(_ => ledger.Place([1], 4)?.Hostname);

        // Each takes 4 for itself and 1 for its control.
        Assert.That(hostnames, Is.EqualTo(new[] { "a", "b", "a", "b" }));
        Assert.That(ledger.Place([1], 1), Is.Null);
    }

    [Test]
    public void JobLargerThanAnyInstance_GoesToTheLargestIdleOne()
    {
        var ledger = new CapacityLedger(
            [Instances(1, "small", "large", "busy")], [Instance("small", 4), Instance("large", 8), Instance("busy", 20, consumed: 19, jobs: 1)]);

        Assert.That(ledger.Place([1], 50)!.Hostname, Is.EqualTo("large"));
        Assert.That(ledger.Place([1], 50)!.Hostname, Is.EqualTo("small"));
        Assert.That(ledger.Place([1], 50), Is.Null);
    }

    [Test]
    public void GroupWithoutReadyInstance_IsNotOpen()
    {
        var ledger = new CapacityLedger([Instances(1, "away"), Pods(2)], []);

        Assert.That(ledger.OpenGroups(), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public void UnknownGroup_IsSkipped()
    {
        var ledger = new CapacityLedger([Pods(2)], []);

        Assert.That(ledger.Place([1, 2], 1)!.InstanceGroupId, Is.EqualTo(2));
    }

    [Test]
    public void SmallerJob_PassesOneThatDoesNotFit()
    {
        var ledger = new CapacityLedger([Instances(1, "a")], [Instance("a", 10, consumed: 5, jobs: 1)]);

        Assert.That(ledger.Place([1], 9), Is.Null);
        Assert.That(ledger.Place([1], 2), Is.Not.Null);
    }

    private static GroupCapacity Pods(long id, int maxJobs = 0) => new() { Id = id, UsesInstances = false, MaxConcurrentJobs = maxJobs };

    private static GroupCapacity Instances(long id, params string[] members) => new() { Id = id, UsesInstances = true, Members = members };

    private static InstanceCapacity Instance(string hostname, int capacity, int consumed = 0, int jobs = 0) =>
        new() { Hostname = hostname, Capacity = capacity, Consumed = consumed, Jobs = jobs };
}

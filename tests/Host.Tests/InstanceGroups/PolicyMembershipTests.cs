using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.InstanceGroups;

public sealed class PolicyMembershipTests
{
    [TestCase(5, 79, 4)]
    [TestCase(2, 50, 1)]
    [TestCase(5, 100, 5)]
    [TestCase(5, 0, 0)]
    [TestCase(3, 1, 1)]
    [TestCase(0, 100, 0)]
    public void Percentage_IsReached_AndNotPassedByMoreThanOne(int instances, int percentage, int members) =>
        Assert.That(Compute([Group(1, percentage: percentage)], Instances(instances))[1], Has.Count.EqualTo(members));

    [TestCase(5, 3, 3)]
    [TestCase(2, 3, 2)]
    public void Minimum_IsReachedAsFarAsThereAreInstances(int instances, int minimum, int members) =>
        Assert.That(Compute([Group(1, minimum: minimum)], Instances(instances))[1], Has.Count.EqualTo(members));

    [Test]
    public void ListedInstances_CountTowardsTheMinimum()
    {
        var members = Compute([Group(1, minimum: 2, hostnames: ["h3"])], Instances(5))[1];

        Assert.That(members, Is.EquivalentTo(new[] { 3L, 1L }));
    }

    [Test]
    public void ListedInstance_JoinsEvenWhenNoPolicyMayTakeIt()
    {
        var instances = new[] { new PolicyInstance(1, "h1", NodeTypes.Control, ManagedByPolicy: false) };

        Assert.That(Compute([Group(1, hostnames: ["h1", "unknown"])], instances)[1], Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void UnmanagedInstance_IsLeftAlone()
    {
        var instances = new[] { new PolicyInstance(1, "h1", NodeTypes.Execution, ManagedByPolicy: false) };

        Assert.That(Compute([Group(1, minimum: 1, percentage: 100)], instances)[1], Is.Empty);
    }

    [Test]
    public void Minimums_AreSpreadOverTheInstances()
    {
        var members = Compute([Group(1, minimum: 2), Group(2, minimum: 2)], Instances(4));

        Assert.That(members[1].Concat(members[2]), Is.EquivalentTo(new[] { 1L, 2L, 3L, 4L }));
    }

    [Test]
    public void Percentages_AreSpreadOverTheInstances()
    {
        var members = Compute([Group(1, percentage: 50), Group(2, percentage: 50)], Instances(4));

        Assert.That(members[1].Concat(members[2]), Is.EquivalentTo(new[] { 1L, 2L, 3L, 4L }));
    }

    [Test]
    public void ListedMembership_DoesNotMakeAnInstanceBusy()
    {
        // h1 is pinned elsewhere, yet it is as free as h2 for the minimum, and comes first by id.
        var members = Compute([Group(1, hostnames: ["h1"]), Group(2, minimum: 1)], Instances(2));

        Assert.That(members[2], Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void ControlPlane_TakesNoExecutionNodes_AndOthersNoControlNodes()
    {
        var instances = new[]
        {
            new PolicyInstance(1, "c", NodeTypes.Control, true), new PolicyInstance(2, "e", NodeTypes.Execution, true),
            new PolicyInstance(3, "h", NodeTypes.Hybrid, true), new PolicyInstance(4, "hop", NodeTypes.Hop, true),
        };
        var groups = new[] { Group(1, percentage: 100) with { Name = PolicyGroup.ControlPlane }, Group(2, percentage: 100) };

        var members = Compute(groups, instances);

        Assert.That(members[1], Is.EquivalentTo(new[] { 1L, 3L }));
        Assert.That(members[2], Is.EquivalentTo(new[] { 2L, 3L }));
    }

    [Test]
    public void SameInput_GivesTheSameMembers()
    {
        var groups = Enumerable.Range(1, 6).Select(id => Group(id, percentage: id * 13, minimum: id % 3)).ToList();

        var first = Compute(groups, Instances(9));
        var second = Compute(groups, Instances(9));

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first.Values, Has.All.Unique);
    }

    private static IReadOnlyDictionary<long, IReadOnlyList<long>> Compute(
        IReadOnlyList<PolicyGroup> groups, IReadOnlyList<PolicyInstance> instances) => PolicyMembership.Compute(groups, instances);

    private static PolicyGroup Group(long id, int minimum = 0, int percentage = 0, params string[] hostnames) =>
        new(id, $"g{id}", hostnames, minimum, percentage);

    private static PolicyInstance[] Instances(int count) =>
        [.. Enumerable.Range(1, count).Select(id => new PolicyInstance(id, $"h{id}", NodeTypes.Execution, true))];
}

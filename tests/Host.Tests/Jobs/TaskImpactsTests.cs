using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Jobs;

public sealed class TaskImpactsTests
{
    // AWX's own examples, docs awx-api section 17.2.
    [TestCase(5, 2, 3)]
    [TestCase(3, 5, 4)]
    [TestCase(3, 3, 4)]
    [TestCase(0, 0, 1)]
    [TestCase(100, 0, 6)]
    public void Playbook_TakesHostsOrForksAndOne(int hosts, int forks, int impact)
    {
        Assert.That(TaskImpacts.Of(new Job { Forks = forks }, hosts), Is.EqualTo(impact));
    }

    [TestCase(0, 6)]
    [TestCase(9, 10)]
    public void PlaybookWithoutInventory_TakesItsForksAndOne(int forks, int impact)
    {
        Assert.That(TaskImpacts.Of(new Job { JobType = JobTypes.Check, Forks = forks }, null), Is.EqualTo(impact));
    }

    [TestCase(3, 9, 4)]
    [TestCase(9, 3, 4)]
    [TestCase(9, 0, 6)]
    [TestCase(null, 9, 6)]
    [TestCase(null, 3, 4)]
    public void AdHocCommand_TakesHostsOrForksAndOne_AndFiveHostsForUnknownOnes(int? hosts, int forks, int impact)
    {
        Assert.That(TaskImpacts.Of(new AdHocCommand { Forks = forks }, hosts), Is.EqualTo(impact));
    }

    [Test]
    public void Command_TakesOne()
    {
        Assert.That(TaskImpacts.Of(new Job { JobType = JobTypes.Command, Forks = 20 }, 50), Is.EqualTo(1));
    }
}

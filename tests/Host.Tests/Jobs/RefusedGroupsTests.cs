using ContainerGroups.Host.Jobs;

namespace ContainerGroups.Host.Tests.Jobs;

public sealed class RefusedGroupsTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void RefusedGroup_IsLeftOutUntilItsTime()
    {
        var refused = RefusedGroups.Parse("{}").With(7, Now.AddSeconds(10));

        Assert.Multiple(() =>
        {
            Assert.That(refused.Without([7, 8], Now), Is.EqualTo(new[] { 8L }));
            Assert.That(refused.Without([7, 8], Now.AddSeconds(10)), Is.EqualTo(new[] { 7L, 8L }));
            Assert.That(refused.NotBefore([7, 8], Now), Is.Null);
        });
    }

    [Test]
    public void AllGroupsRefused_WaitsForTheFirstOne()
    {
        var refused = RefusedGroups.Parse("{}").With(7, Now.AddSeconds(30)).With(8, Now.AddSeconds(10));

        Assert.That(refused.NotBefore([7, 8], Now), Is.EqualTo(Now.AddSeconds(10)));
    }

    [Test]
    public void StoredText_ReadBack_MeansTheSame()
    {
        var refused = RefusedGroups.Parse(RefusedGroups.Parse("{}").With(7, Now.AddSeconds(30)).ToJson());

        Assert.That(refused.NotBefore([7], Now), Is.EqualTo(Now.AddSeconds(30)));
    }

    [Test]
    public void NoPreferredGroup_WaitsForNothing()
    {
        Assert.That(RefusedGroups.Parse("{}").NotBefore([], Now), Is.Null);
    }
}

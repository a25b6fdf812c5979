using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Schedules;

/// <summary>Several hosts on one database hear the same clock strike.</summary>
[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
internal sealed class SeveralHostsFiringTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero);

    private ScheduleRig _rig = null!;

    [SetUp]
    public async Task SetUpAsync() => _rig = await ScheduleRig.CreateAsync(kind, Start);

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task EachTime_IsFiredOnce_WhoeverIsFirst()
    {
        const int Schedules = 10;
        const int Minutes = 5;
        await _rig.Hosts.StartHostAsync();
        await _rig.Hosts.StartHostAsync("beta");
        var ids = new List<long>();
        for (var i = 0; i < Schedules; i++)
        {
            ids.Add(await _rig.AddAsync("DTSTART:20260307T000107Z RRULE:FREQ=MINUTELY;INTERVAL=1"));
        }

        for (var minute = 1; minute <= Minutes; minute++)
        {
            await _rig.StrikeAsync(Start.UtcDateTime.AddMinutes(minute).AddSeconds(7));
            foreach (var id in ids)
            {
                await _rig.UntilAsync(id, minute);
            }
        }

        await using var db = _rig.Hosts.Open();
        var fired = await db.Jobs.GroupBy(job => new { job.ScheduleId, job.Created }).Select(group => group.Count()).ToListAsync();
        Assert.That(fired, Has.Count.EqualTo(Schedules * Minutes).And.All.EqualTo(1));
    }

    [Test]
    public async Task ProjectThatIsUpdatedOnLaunch_IsUpdatedForTheJobsAlone()
    {
        const int Schedules = 10;
        await _rig.Hosts.StartHostAsync();
        await _rig.Hosts.StartHostAsync("beta");
        var ids = new List<long>();
        for (var i = 0; i < Schedules; i++)
        {
            ids.Add(await _rig.AddAsync("DTSTART:20260307T000107Z RRULE:FREQ=MINUTELY;INTERVAL=1", template =>
            {
                (template.JobType, template.Command, template.Playbook) = (JobTypes.Run, "[]", "site.yml");
                template.Inventory = new Inventory { Name = template.Name, Organization = new Organization { Name = template.Name } };
                // Nothing is there: the update fails, and the job with it.
                template.Project = new Project { Name = template.Name, ScmType = ScmTypes.Git, ScmUrl = "http://127.0.0.1:9/none.git", ScmUpdateOnLaunch = true };
            }));
        }

        for (var minute = 1; minute <= 3; minute++)
        {
            await _rig.StrikeAsync(Start.UtcDateTime.AddMinutes(minute).AddSeconds(7));
            foreach (var id in ids)
            {
                await _rig.UntilAsync(id, minute);
            }
        }

        await using var db = _rig.Hosts.Open();
        Assert.That(await db.Jobs.CountAsync(job => job.ProjectUpdateId != null), Is.EqualTo(Schedules * 3));
        Assert.That(await db.ProjectUpdates.CountAsync(update => !db.Jobs.Any(job => job.ProjectUpdateId == update.Id)), Is.Zero);
    }

    [Test]
    public async Task HostThatStays_FiresWhatTheOtherWouldHave()
    {
        var alpha = await _rig.Hosts.StartHostAsync();
        await _rig.Hosts.StartHostAsync("beta");
        var id = await _rig.AddAsync("DTSTART:20260307T000007Z RRULE:FREQ=MINUTELY;INTERVAL=1");
        await alpha.KillAsync();

        await _rig.StrikeAsync(Start.UtcDateTime.AddSeconds(7));

        Assert.That((await _rig.UntilAsync(id, 1)).Select(job => job.LaunchType), Is.EqualTo(new[] { LaunchTypes.Scheduled }));
    }
}

using System.Globalization;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Schedules;

/// <summary>Schedules fire by the clock: each time once, whatever dies meanwhile.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class FiringTests(DatabaseKind kind)
{
    /// <summary>The clocks of New York jump from two to three in the next night.</summary>
    private static readonly DateTimeOffset Start = new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero);

    private ScheduleRig _rig = null!;

    [SetUp]
    public async Task SetUpAsync() => _rig = await ScheduleRig.CreateAsync(kind, Start);

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task EachDay_FiresAtTheSameTimeOnTheWall_WhenClocksChange()
    {
        await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync("DTSTART;TZID=America/New_York:20260301T033007 RRULE:FREQ=DAILY;INTERVAL=1");
        DateTime[] expected = [Utc("2026-03-07T08:30:07"), Utc("2026-03-08T07:30:07"), Utc("2026-03-09T07:30:07")];

        await FireAtAsync(id, expected);

        Assert.That((await _rig.JobsAsync(id)).Select(job => job.Created), Is.EqualTo(expected));
    }

    [Test]
    public async Task HostWaitsForTheVeryMoment()
    {
        // At a second at which nothing else is due.
        var moment = Utc("2026-03-07T00:00:47");
        await _rig.Hosts.StartHostAsync();
        await _rig.AddAsync("DTSTART:20260307T000047Z RRULE:FREQ=HOURLY;INTERVAL=1");

        await _rig.EventuallyAsync(() => Task.FromResult(_rig.Hosts.Clock.TimersDueAt(moment) == 1), () => $"a timer waits for {moment:O}");
    }

    [Test]
    public async Task TimeThatClocksJumpOver_IsLeftOut()
    {
        await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync("DTSTART;TZID=America/New_York:20260301T023007 RRULE:FREQ=DAILY;INTERVAL=1");
        DateTime[] expected = [Utc("2026-03-07T07:30:07"), Utc("2026-03-09T06:30:07")];

        await FireAtAsync(id, expected);

        Assert.That((await _rig.JobsAsync(id)).Select(job => job.Created), Is.EqualTo(expected));
    }

    [Test]
    public async Task ScheduledJob_RunsAndTellsOfItsSchedule()
    {
        var host = await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1");

        await FireAtAsync(id, Utc("2026-03-07T00:10:07"));

        var job = await _rig.Hosts.EndedAsync((await _rig.JobsAsync(id)).Single().Id);
        Assert.That((job.Status, job.LaunchType, job.CreatedById), Is.EqualTo((JobStatuses.Successful, LaunchTypes.Scheduled, (long?)null)));
        using var admin = host.Admin();
        var shown = await admin.GetAsync($"jobs/{job.Id}/");
        Assert.That(shown["related"]!["schedule"]!.ToString(), Is.EqualTo($"/api/v2/schedules/{id}/"));
        Assert.That((long)shown["summary_fields"]!["schedule"]!["id"]!, Is.EqualTo(id));
        Assert.That((await admin.GetAsync($"schedules/{id}/jobs/")).Column("id"), Is.EqualTo(new[] { job.Id.ToString(CultureInfo.InvariantCulture) }));
        Assert.That((await admin.GetAsync($"schedules/{id}/"))["next_run"], Is.Null, "it is over");
    }

    [Test]
    public async Task TimesMissedWhileNoHostRan_AreMadeUpForOnce()
    {
        var first = await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync("DTSTART:20260301T120007Z RRULE:FREQ=DAILY;INTERVAL=1");
        await FireAtAsync(id, Utc("2026-03-07T12:00:07"));
        await first.StopAsync();

        _rig.Hosts.Clock.Advance(TimeSpan.FromDays(3));
        await _rig.Hosts.StartHostAsync();

        var jobs = await _rig.UntilAsync(id, 2);
        Assert.That(jobs.Select(job => job.Created), Is.EqualTo(new[] { Utc("2026-03-07T12:00:07"), Utc("2026-03-10T12:00:07") }));
        Assert.That(await _rig.NextAsync(id), Is.EqualTo(Utc("2026-03-11T12:00:07")));
    }

    [TestCase("before a commit 1")]
    [TestCase("after a commit 1")]
    [TestCase("before a commit 2")]
    public async Task KilledWhileFiring_FiresOnceAfterTheRestart(string step)
    {
        var host = await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1");
        await _rig.Hosts.PassTimeAsync(TimeSpan.FromSeconds(606));
        host.Fuse.ArmAt(step);
        _rig.Hosts.Clock.Advance(TimeSpan.FromSeconds(1));
        await _rig.EventuallyAsync(() => Task.FromResult(host.Fuse.Died.IsCompleted), () => "the host dies");
        await host.KillAsync();

        await _rig.Hosts.StartHostAsync();

        var job = (await _rig.UntilAsync(id, 1)).Single();
        await _rig.Hosts.EndedAsync(job.Id);
        Assert.That(await _rig.JobsAsync(id), Has.Count.EqualTo(1));
        Assert.That(await _rig.NextAsync(id), Is.Null);
    }

    [Test]
    public async Task Disabled_DoesNotFire_AndGoesOnFromWhenItIsEnabled()
    {
        var host = await _rig.Hosts.StartHostAsync();
        using var admin = host.Admin();
        var disabled = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1");
        await admin.PatchAsync($"schedules/{disabled}/", """{"enabled":false}""");
        // Made later and due at the same time: when it has fired, so would the other have.
        var witness = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1");

        await FireAtAsync(witness, Utc("2026-03-07T00:10:07"), Utc("2026-03-07T01:10:07"));
        Assert.That(await _rig.JobsAsync(disabled), Is.Empty);
        Assert.That(await _rig.NextAsync(disabled), Is.Null);

        await admin.PatchAsync($"schedules/{disabled}/", """{"enabled":true}""");
        await FireAtAsync(disabled, Utc("2026-03-07T02:10:07"));
        Assert.That(await _rig.JobsAsync(disabled), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task DeletedTemplate_TakesItsSchedulesAlong_AndNothingFires()
    {
        var host = await _rig.Hosts.StartHostAsync();
        using var admin = host.Admin();
        var gone = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1");
        await using var db = _rig.Hosts.Open();
        var template = await db.Schedules.Where(row => row.Id == gone).Select(row => row.JobTemplateId).SingleAsync();
        await admin.DeleteAsync($"job_templates/{template}/");
        var witness = await _rig.AddAsync("DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1");

        await FireAtAsync(witness, Utc("2026-03-07T00:10:07"));

        Assert.That(await db.Schedules.CountAsync(), Is.EqualTo(1));
        Assert.That(await db.Jobs.CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task PromptThatTheTemplateAsksForNoMore_IsLeftOut()
    {
        await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync(
            "DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1",
            template => (template.AskLimitOnLaunch, template.AskTagsOnLaunch) = (true, true),
            schedule => (schedule.Limit, schedule.JobTags) = ("web*", "deploy"));
        await FireAtAsync(id, Utc("2026-03-07T00:10:07"));
        await using (var db = _rig.Hosts.Open())
        {
            await db.JobTemplates.ExecuteUpdateAsync(s => s.SetProperty(row => row.AskTagsOnLaunch, false));
        }

        await FireAtAsync(id, Utc("2026-03-07T01:10:07"));

        var jobs = await _rig.JobsAsync(id);
        Assert.That(jobs.Select(job => (job.Limit, job.JobTags)), Is.EqualTo(new[] { ("web*", "deploy"), ("web*", "") }));
    }

    [Test]
    public async Task LabelsAndAnswers_AreTheJobs_EachTime()
    {
        var host = await _rig.Hosts.StartHostAsync();
        using var admin = host.Admin();
        var id = await _rig.AddAsync(
            "DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1",
            template =>
            {
                (template.AskLabelsOnLaunch, template.SurveyEnabled) = (true, true);
                template.SurveySpec = """{"name":"","description":"","spec":[{"variable":"pw","question_name":"q","type":"password","required":true}]}""";
            },
            schedule => schedule.Labels.Add(new ScheduleLabel { Label = new Label { Name = "nightly", Organization = new Organization { Name = "o" } } }));
        var patched = await admin.PatchAsync($"schedules/{id}/", """{"extra_data":{"pw":"an answer that is kept"}}""");
        Assert.That(patched.Text, Does.Not.Contain("an answer that is kept"));

        await FireAtAsync(id, Utc("2026-03-07T00:10:07"), Utc("2026-03-07T01:10:07"));

        await using var db = _rig.Hosts.Open();
        foreach (var job in await _rig.JobsAsync(id))
        {
            Assert.That(job.ExtraVars, Is.EqualTo("""{"pw":"$encrypted$"}"""));
            var kept = await host.Get<LaunchPasswords>().ReadAnswersAsync(db, job.Id, CancellationToken.None);
            Assert.That(kept, Is.EquivalentTo(new Dictionary<string, string> { ["pw"] = "an answer that is kept" }));
            Assert.That(await db.JobLabels.Where(place => place.JobId == job.Id).Select(place => place.Label.Name).ToListAsync(), Is.EqualTo(new[] { "nightly" }));
        }
    }

    [Test]
    public async Task AnswerThatCantBeRead_IsAFailedJobThatSaysWhy()
    {
        await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync(
            "DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1",
            template =>
            {
                template.SurveyEnabled = true;
                template.SurveySpec = """{"name":"","description":"","spec":[{"variable":"pw","question_name":"q","type":"password","required":true}]}""";
            },
            schedule => schedule.ExtraData = """{"pw":"$encrypted$"}""");
        await using (var db = _rig.Hosts.Open())
        {
            db.Add(new SchedulePassword { ScheduleId = id, Variable = "pw", KeyId = "gone", Data = [1] });
            await db.SaveChangesAsync();
        }

        await FireAtAsync(id, Utc("2026-03-07T00:10:07"));

        var job = (await _rig.JobsAsync(id)).Single();
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Failed));
        Assert.That(job.JobExplanation, Does.StartWith($"Scheduled job could not start. Answer pw of schedule {id} can't be read."));
    }

    [Test]
    public async Task LaunchThatIsRefused_IsAFailedJobThatSaysWhy()
    {
        await _rig.Hosts.StartHostAsync();
        var id = await _rig.AddAsync(
            "DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1", template => (template.JobType, template.Playbook) = (JobTypes.Run, "site.yml"));

        await FireAtAsync(id, Utc("2026-03-07T00:10:07"));

        var job = (await _rig.JobsAsync(id)).Single();
        Assert.That((job.Status, job.Failed, job.EventProcessingFinished, job.Finished), Is.EqualTo((JobStatuses.Failed, true, true, (DateTime?)job.Created)));
        Assert.That(job.JobExplanation, Does.StartWith("Scheduled job could not start.").And.Contain("Job Template inventory is missing or undefined."));
        Assert.That(await _rig.NextAsync(id), Is.EqualTo(Utc("2026-03-07T01:10:07")), "it goes on");
    }

    [Test]
    public async Task ProjectsSchedule_AsksForAnUpdate()
    {
        await _rig.Hosts.StartHostAsync();
        await using var db = _rig.Hosts.Open();
        var schedule = new Schedule
        {
            Name = "nightly",
            Rrule = "DTSTART:20260307T001007Z RRULE:FREQ=HOURLY;INTERVAL=1",
            NextRun = Utc("2026-03-07T00:10:07"),
            Project = new Project { Name = "p", ScmType = ScmTypes.Git, ScmUrl = "file:///nowhere" },
        };
        db.Add(schedule);
        await db.SaveChangesAsync();
        _rig.Hosts.Pulse(WakeUpNames.Schedules);

        await _rig.StrikeAsync(Utc("2026-03-07T00:10:07"));

        await _rig.EventuallyAsync(async () => await db.ProjectUpdates.AnyAsync(row => row.ScheduleId == schedule.Id), () => "it is asked for");
        Assert.That(await db.ProjectUpdates.Select(row => row.LaunchType).SingleAsync(), Is.EqualTo(LaunchTypes.Scheduled));
    }

    private async Task FireAtAsync(long id, params DateTime[] moments)
    {
        foreach (var moment in moments)
        {
            var before = (await _rig.JobsAsync(id)).Count;
            // What fires too early has a job with the time of a second before.
            await _rig.StrikeAsync(moment);
            await _rig.UntilAsync(id, before + 1);
        }
    }

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

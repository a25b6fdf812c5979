using ContainerGroups.Host.IntegrationTests.Dispatch;
using ContainerGroups.Host.Schedules.Recurrences;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Schedules;

/// <summary>Hosts whose time a test moves, and schedules of templates of theirs.</summary>
internal sealed class ScheduleRig : IAsyncDisposable
{
    private ScheduleRig(DispatchRig hosts) => Hosts = hosts;

    public DispatchRig Hosts { get; }

    public static async Task<ScheduleRig> CreateAsync(DatabaseKind kind, DateTimeOffset start) =>
        new(await DispatchRig.CreateAsync(kind, clock: new FakeClock(start)));

    /// <summary>Adds a schedule of a template of its own.</summary>
    public async Task<long> AddAsync(string rrule, Action<JobTemplate>? template = null, Action<Schedule>? prompts = null)
    {
        var group = await Hosts.GroupAsync();
        var recipe = new JobTemplate { Name = $"exit=0 {Guid.NewGuid():N}", JobType = JobTypes.Command, Command = """["fake"]""" };
        recipe.InstanceGroups.Add(new JobTemplateInstanceGroup { InstanceGroupId = group });
        template?.Invoke(recipe);
        var schedule = new Schedule
        {
            Name = "schedule",
            Rrule = rrule,
            JobTemplate = recipe,
            NextRun = RecurrenceReader.Read(rrule).After(Hosts.Clock.GetUtcNow().UtcDateTime, new SearchBudget()),
        };
        prompts?.Invoke(schedule);
        await using var db = Hosts.Open();
        db.Add(schedule);
        await db.SaveChangesAsync();
        Hosts.Pulse(WakeUpNames.Schedules);
        return schedule.Id;
    }

    /// <summary>Lets time pass up to a moment, with a look around a second before it.</summary>
    public async Task StrikeAsync(DateTime moment)
    {
        await Hosts.PassTimeAsync(moment.AddSeconds(-1) - Hosts.Clock.GetUtcNow().UtcDateTime);
        await Hosts.PassTimeAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// Waits with the clock standing still. A host that was about to wait when the clock was moved would wait too long by it: it is called,
    /// as by somebody who changes a schedule.
    /// </summary>
    public Task EventuallyAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var looks = 0;
        return Hosts.EventuallyAsync(
            async () =>
            {
                if (await condition())
                {
                    return true;
                }

                if (looks++ % 20 == 19)
                {
                    Hosts.Pulse(WakeUpNames.Schedules);
                }

                return false;
            },
            what);
    }

    public async Task<List<Job>> JobsAsync(long scheduleId)
    {
        await using var db = Hosts.Open();
        return await db.Jobs.AsNoTracking().Where(job => job.ScheduleId == scheduleId).OrderBy(job => job.Id).ToListAsync();
    }

    public async Task<List<Job>> UntilAsync(long scheduleId, int count)
    {
        List<Job> jobs = [];
        await EventuallyAsync(
            async () => (jobs = await JobsAsync(scheduleId)).Count >= count, () => $"schedule {scheduleId} has fired {count} times, not {jobs.Count}");
        return jobs;
    }

    public async Task<DateTime?> NextAsync(long scheduleId)
    {
        await using var db = Hosts.Open();
        return await db.Schedules.Where(row => row.Id == scheduleId).Select(row => row.NextRun).SingleAsync();
    }

    public ValueTask DisposeAsync() => Hosts.DisposeAsync();
}

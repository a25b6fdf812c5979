using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class JobRetentionTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private OutputRig _rig = null!;

    [SetUp]
    public async Task SetUp()
    {
        _rig = new OutputRig(Contexts, TimeProvider.System);
        await using var db = Open();
        await db.UnifiedJobs.ExecuteDeleteAsync();
    }

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    [Test]
    public async Task JobsOlderThanTheDays_AreDeletedWithAllTheirOutput()
    {
        var old = await EndedAsync(daysAgo: 91, Recordings.Site, JobTypes.Run);
        var young = await EndedAsync(daysAgo: 89, "young"u8.ToArray());
        var running = await _rig.NewJobAsync(JobTypes.Command);

        Assert.That(await DeleteAsync(new RetentionOptions()), Is.EqualTo(1));

        await using var db = Open();
        Assert.That(await db.UnifiedJobs.Select(j => j.Id).ToListAsync(), Is.EquivalentTo(new[] { young, running }));
        Assert.That(await db.JobEvents.CountAsync(e => e.JobId == old), Is.Zero);
        Assert.That(await db.OutputChunks.CountAsync(c => c.JobId == old), Is.Zero);
        Assert.That(await db.JobHostSummaries.CountAsync(s => s.JobId == old), Is.Zero);
        Assert.That(await _rig.TextAsync(young), Is.EqualTo("young"u8.ToArray()));
    }

    [Test]
    public async Task JobWhoseEnvironmentIsToBeRemoved_IsKept()
    {
        await EndedAsync(daysAgo: 200, [], change: job => job.DestroyPending = true);

        Assert.That(await DeleteAsync(new RetentionOptions()), Is.Zero);
    }

    [Test]
    public async Task TooMuchOutput_DeletesTheOldestUntilItFits()
    {
        await EndedAsync(daysAgo: 3, new byte[100]);
        await EndedAsync(daysAgo: 2, new byte[100]);
        var newest = await EndedAsync(daysAgo: 1, new byte[100]);

        Assert.That(await DeleteAsync(new RetentionOptions { JobDays = 0, MaxOutputBytes = 150 }), Is.EqualTo(2));

        await using var db = Open();
        Assert.That(await db.UnifiedJobs.Select(j => j.Id).ToListAsync(), Is.EqualTo(new[] { newest }));
    }

    [Test]
    public async Task ManyOldJobs_AreAllDeleted()
    {
        for (var i = 0; i < 45; i++)
        {
            await EndedAsync(daysAgo: 100 + i, []);
        }

        Assert.That(await DeleteAsync(new RetentionOptions()), Is.EqualTo(45));
    }

    private Task<int> DeleteAsync(RetentionOptions options)
    {
        using var retention = new JobRetention(Contexts, Options.Create(options), Clock, NullLogger<JobRetention>.Instance);
        return retention.DeleteDueAsync(CancellationToken.None);
    }

    private async Task<long> EndedAsync(int daysAgo, byte[] spool, string jobType = JobTypes.Command, Action<Job>? change = null)
    {
        var job = await _rig.RunAsync(jobType, spool);
        await using var db = Open();
        var row = await db.Jobs.SingleAsync(j => j.Id == job);
        row.Status = JobStatuses.Successful;
        row.Finished = Clock.GetUtcNow().UtcDateTime.AddDays(-daysAgo);
        change?.Invoke(row);
        await db.SaveChangesAsync();
        return job;
    }
}

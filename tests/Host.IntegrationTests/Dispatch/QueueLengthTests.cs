using System.Data.Common;
using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>What the store has to do for a job must not grow with the queue behind it. Counted, not timed.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class QueueLengthTests(DatabaseKind kind)
{
    private const int Short = 10;
    private const int Long = 1000;

    private readonly WorkCounter _work = new();
    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;
    private long _full;
    private long _running;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync(configure: options => options.AddInterceptors(_work));
        _full = await _rig.GroupAsync(maxJobs: 1);
        _running = await DispatchRig.LaunchAsync(_host, "run_for=ever", _full);
        await _rig.UntilAsync(_running, j => j.Status == JobStatuses.Running, "it runs");
    }

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task WakeUpWithAllGroupsFull_DoesNotReadTheQueue()
    {
        await FillOtherGroupsAsync();
        await QueueAsync(Short);
        var few = await WakeUpAsync();
        await QueueAsync(Long - Short);

        var many = await WakeUpAsync();

        Assert.That(many.Statements, Is.EqualTo(few.Statements));
        AssertStepsDoNotGrow(few.Steps, many.Steps);
    }

    [Test]
    public async Task WakeUpWithManyRefusedJobs_DoesNotReadTheQueue()
    {
        await FillOtherGroupsAsync();
        var later = _rig.Clock.GetUtcNow().UtcDateTime.AddHours(1);
        await QueueAsync(Short, later);
        await QueueAsync(1);
        var few = await WakeUpAsync();
        await QueueAsync(Long, later.AddHours(1));

        var many = await WakeUpAsync();

        Assert.That(many.Statements, Is.EqualTo(few.Statements));
        Assert.That(many.Round.NextAt, Is.EqualTo(later));
        AssertStepsDoNotGrow(few.Steps, many.Steps);
    }

    [Test]
    public async Task WholeWayOfAJob_TakesAsManyStatementsBehindALongQueue()
    {
        var free = await _rig.GroupAsync();
        await QueueAsync(Short);
        var few = await RunAsync(free);
        await QueueAsync(Long - Short);

        var many = await RunAsync(free);

        // Rounds that overlap are merged, or not: a few more or less.
        Assert.That(many, Is.LessThan(few * 1.5));
        Assert.That(many, Is.LessThan(70));
    }

    private void AssertStepsDoNotGrow(long few, long many)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            Assert.That(few, Is.Positive);
            Assert.That(many, Is.LessThan(few * 1.5), "steps of SQLite's machine");
        }
    }

    private async Task<(long Statements, long Steps, ClaimRound Round)> WakeUpAsync()
    {
        var (statements, steps) = (_work.Statements, _work.Steps);
        var round = await _host.Get<JobClaims>().ClaimAsync(CancellationToken.None);
        Assert.That(round.Claims, Is.Empty);
        return (_work.Statements - statements, _work.Steps - steps, round);
    }

    /// <summary>Statements per job, of ten jobs one after the other.</summary>
    private async Task<double> RunAsync(long group)
    {
        const int Jobs = 10;
        var before = _work.Statements;
        for (var i = 0; i < Jobs; i++)
        {
            var id = await DispatchRig.LaunchAsync(_host, "print=10", group);
            await _rig.UntilAsync(id, j => j.Finished is not null && !j.DestroyPending, "it is done");
        }

        return (double)(_work.Statements - before) / Jobs;
    }

    /// <summary>Only one other group is there from the beginning, without a backend of its own here.</summary>
    private async Task FillOtherGroupsAsync()
    {
        await _rig.EventuallyAsync(
            async () =>
            {
                await using var db = _rig.Open();
                return (await _host.Get<LedgerReader>().ReadAsync(db, CancellationToken.None)).OpenGroups().Count == 0;
            },
            () => "all groups are full");
    }

    private async Task QueueAsync(int count, DateTime? notBefore = null)
    {
        await using var db = _rig.Open();
        for (var i = 0; i < count; i++)
        {
            var job = new Job { Name = "print=1", JobType = JobTypes.Command, Command = """["fake"]""", Status = JobStatuses.Pending, TaskImpact = 1, NotBefore = notBefore };
            job.PreferredInstanceGroups.Add(new JobInstanceGroup { InstanceGroupId = _full });
            db.Jobs.Add(job);
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Counts statements, and on SQLite the steps of its machine, which tell how many rows were looked at.</summary>
    private sealed class WorkCounter : IDbCommandInterceptor, IDbConnectionInterceptor
    {
        private readonly HashSet<sqlite3> _counted = [];
        private readonly Lock _lock = new();
        private long _statements;
        private long _steps;

        public long Statements => Interlocked.Read(ref _statements);

        public long Steps => Interlocked.Read(ref _steps);

        public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _statements);
            return ValueTask.FromResult(result);
        }

        public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _statements);
            return ValueTask.FromResult(result);
        }

        public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                if (connection is SqliteConnection { Handle: { } handle } && _counted.Add(handle))
                {
                    raw.sqlite3_progress_handler(
                        handle,
                        10,
                        _ =>
                        {
                            Interlocked.Increment(ref _steps);
                            return 0;
                        },
                        null);
                }
            }

            return Task.CompletedTask;
        }
    }
}

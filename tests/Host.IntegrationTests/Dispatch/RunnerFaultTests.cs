using System.Data.Common;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Faults that nobody foresaw: the job says so, and is neither lost nor tried for ever.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class RunnerFaultTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private readonly BrokenUpdates _updates = new();
    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _rig.Settings["Dispatch:PendingTimeout"] = "00:10:00";
        _host = await _rig.StartHostAsync(configure: options => options.AddInterceptors(_updates));
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task BeforeTheStart_TheJobSaysSo_AndEndsWhenItHasWaitedLongEnough()
    {
        var id = await LaunchAsync(await BrokenTypeAsync());

        var waiting = await _rig.UntilAsync(id, j => j.JobExplanation.Contains("unforeseen"), "the job says why it waits");
        Assert.That(waiting.Status, Is.EqualTo(JobStatuses.Waiting));
        Assert.That(waiting.JobExplanation, Does.StartWith("This job could not be started yet").And.Contain("JsonReaderException"));

        var ended = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "the job has ended");
        Assert.That((ended.Status, ended.StartIntended), Is.EqualTo((JobStatuses.Error, false)));
        Assert.That(ended.JobExplanation, Does.StartWith("This job could not be started, because of an unforeseen fault"));
        Assert.That(ended.Finished - waiting.RefusedSince, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(_rig.Starts(id), Is.Zero);
    }

    [Test]
    public async Task BeforeTheStart_TheJobRunsOnceTheFaultIsMended()
    {
        var type = await BrokenTypeAsync();
        var id = await LaunchAsync(type);
        await _rig.UntilAsync(id, j => j.JobExplanation.Contains("unforeseen"), "the job says why it waits");

        await using (var db = _rig.Open())
        {
            await db.CredentialTypes.Where(t => t.Id == type).ExecuteUpdateAsync(s => s.SetProperty(t => t.Injectors, "{}"));
        }

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "the job has ended");
        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Successful, "")));
    }

    [Test]
    public async Task BeforeTheStart_TheJobCanBeCanceled()
    {
        var id = await LaunchAsync(await BrokenTypeAsync());
        await _rig.UntilAsync(id, j => j.JobExplanation.Contains("unforeseen"), "the job says why it waits");

        using var admin = _host.Admin();
        await admin.PostAsync($"jobs/{id}/cancel/", "{}");

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "the job has ended");
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
    }

    [Test]
    public async Task OnceTheProgramMayRun_TheJobIsFollowedForAsLongAsItTakes()
    {
        _updates.Fail = command => command.Contains("\"Started\" =", StringComparison.Ordinal);
        var id = await DispatchRig.LaunchAsync(_host, "print=3", await _rig.GroupAsync());
        var first = await _rig.UntilAsync(id, j => j.JobExplanation.Contains("may be running"), "the job says that it can't be followed");
        Assert.That((first.Status, first.StartIntended), Is.EqualTo((JobStatuses.Waiting, true)));

        for (var minutes = 0; minutes < 20; minutes++)
        {
            await _rig.PassTimeAsync(Step);
        }

        Assert.That((await _rig.FindAsync(id)).Finished, Is.Null);
        _updates.Fail = null;
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "the job has ended");
        Assert.That((job.Status, job.JobExplanation, _rig.Starts(id)), Is.EqualTo((JobStatuses.Successful, "", 1)));
        Assert.That(await _rig.OutputAsync(id), Is.EqualTo("1\n2\n3\n"u8.ToArray()));
    }

    private async Task<long> LaunchAsync(long type)
    {
        await using var db = _rig.Open();
        var credential = new Credential { Name = $"{Guid.NewGuid():N}", CredentialTypeId = type };
        db.Credentials.Add(credential);
        await db.SaveChangesAsync();
        var job = new Job { Name = "exit=0" };
        job.Credentials.Add(new JobCredential { CredentialId = credential.Id });
        return await DispatchRig.LaunchAsync(_host, job, await _rig.GroupAsync());
    }

    /// <summary>Nothing that the API takes looks so.</summary>
    private async Task<long> BrokenTypeAsync()
    {
        await using var db = _rig.Open();
        var type = new CredentialType { Name = $"{Guid.NewGuid():N}", Kind = "cloud", Injectors = "{broken" };
        db.CredentialTypes.Add(type);
        await db.SaveChangesAsync();
        return type.Id;
    }

    private sealed class BrokenUpdates : DbCommandInterceptor
    {
        public Func<string, bool>? Fail { get; set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            Fail?.Invoke(command.CommandText) == true
                ? throw new NotSupportedException("a fault that nobody foresaw")
                : base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }
}

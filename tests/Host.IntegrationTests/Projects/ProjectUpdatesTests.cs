using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Projects;

public sealed class ProjectUpdatesTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private GitSandbox _git = null!;
    private ProjectsRig _rig = null!;

    [SetUp]
    public void SetUp()
    {
        (_git, _rig) = (new GitSandbox(), new ProjectsRig(Database));
        _git.Commit("site.yml", "- hosts: all\n");
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await using (var db = Open())
        {
            await db.Projects.ExecuteDeleteAsync();
        }

        _git.Dispose();
        await _rig.DisposeAsync();
    }

    [Test]
    public async Task Request_ReusesTheOneThatWaits_ButNotTheOneThatRuns()
    {
        var project = await _rig.AddGitAsync(_git.Url);
        var first = await RequestAsync(project);

        Assert.That(await RequestAsync(project), Is.EqualTo(first));
        var claim = await _rig.Store.ClaimAsync(CancellationToken.None);
        var second = await RequestAsync(project);

        Assert.That(claim!.UpdateId, Is.EqualTo(first));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(await _rig.Store.ClaimAsync(CancellationToken.None), Is.Null, "one at a time of each project");
    }

    [Test]
    public async Task Request_OfAProjectThatIsNotFromGit_IsNone()
    {
        var project = await _rig.AddAsync(new Project { ScmType = ScmTypes.Archive });

        Assert.That(await RequestAsync(project), Is.Null);
        Assert.That(await RequestForLaunchAsync(project.Id), Is.Null);
        Assert.That(await RequestForLaunchAsync(987654), Is.Null);
    }

    [Test]
    public async Task Launch_WaitsForAFirstUpdate_ThenForNone_UnlessItShall()
    {
        var project = await _rig.AddGitAsync(_git.Url);
        var first = await RequestForLaunchAsync(project.Id);
        Assert.That(first, Is.Not.Null);
        await _rig.UpdateAsync(project.Id);

        Assert.That(await RequestForLaunchAsync(project.Id), Is.Null);
        await SetAsync(project, p => p.ScmUpdateOnLaunch = true);
        Assert.That(await RequestForLaunchAsync(project.Id), Is.GreaterThan(first));
    }

    [Test]
    public async Task Launch_WithinTheCacheTimeout_WaitsForNone()
    {
        var project = await _rig.AddGitAsync(_git.Url, p => (p.ScmUpdateOnLaunch, p.ScmUpdateCacheTimeout) = (true, 60));
        await _rig.UpdateAsync(project.Id);
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await RequestForLaunchAsync(project.Id), Is.Null);

        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await RequestForLaunchAsync(project.Id), Is.Not.Null);
    }

    [Test]
    public async Task Cancel_OfOneThatWaits_EndsItAtOnce()
    {
        var project = await _rig.AddGitAsync(_git.Url);
        var id = await RequestAsync(project);

        Assert.That(await _rig.Updates.CancelAsync(id!.Value, CancellationToken.None), Is.True);

        Assert.That((await _rig.FindUpdateAsync(id.Value)).Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That((await _rig.FindAsync(project.Id)).Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(await _rig.Updates.CancelAsync(id.Value, CancellationToken.None), Is.False);
    }

    [Test]
    public async Task Cancel_OfOneThatHangs_KillsGit_AndTheNextRuns()
    {
        var hanging = await HangingGitAsync();
        var project = await _rig.AddGitAsync(_git.Url);
        var id = (await RequestAsync(project))!.Value;
        using var updater = _rig.NewUpdater();
        await updater.StartAsync(CancellationToken.None);
        await Eventually.BeAsync(() => File.Exists(hanging.PidFile), "git hangs");

        await _rig.Updates.CancelAsync(id, CancellationToken.None);
        await _rig.EndedAsync(id);

        Assert.That((await _rig.FindUpdateAsync(id)).Status, Is.EqualTo(JobStatuses.Canceled));
        await hanging.IsGoneAsync();
        _rig.Options.GitCommand = "git";
        var next = (await RequestAsync(project))!.Value;
        await _rig.EndedAsync(next);
        Assert.That((await _rig.FindUpdateAsync(next)).Status, Is.EqualTo(JobStatuses.Successful));
        await updater.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Timeout_EndsOneThatHangs()
    {
        var hanging = await HangingGitAsync();
        var project = await _rig.AddGitAsync(_git.Url, p => p.Timeout = 30);
        var id = (await RequestAsync(project))!.Value;
        using var updater = _rig.NewUpdater();
        await updater.StartAsync(CancellationToken.None);
        await Eventually.BeAsync(() => File.Exists(hanging.PidFile), "git hangs");

        Clock.Advance(TimeSpan.FromSeconds(30));
        await _rig.EndedAsync(id);

        var update = await _rig.FindUpdateAsync(id);
        Assert.That((update.Status, update.JobExplanation), Is.EqualTo((JobStatuses.Failed, "Job terminated due to timeout")));
        await hanging.IsGoneAsync();
        await updater.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Stop_LeavesTheUpdateToTheNextStart()
    {
        var hanging = await HangingGitAsync();
        var project = await _rig.AddGitAsync(_git.Url);
        var id = (await RequestAsync(project))!.Value;
        using (var updater = _rig.NewUpdater())
        {
            await updater.StartAsync(CancellationToken.None);
            await Eventually.BeAsync(() => File.Exists(hanging.PidFile), "git hangs");
            await updater.StopAsync(CancellationToken.None);
        }

        Assert.That((await _rig.FindUpdateAsync(id)).Status, Is.EqualTo(JobStatuses.Running));
        await hanging.IsGoneAsync();
        _rig.Options.GitCommand = "git";
        using var next = _rig.NewUpdater();
        await next.StartAsync(CancellationToken.None);
        await _rig.EndedAsync(id);
        Assert.That((await _rig.FindUpdateAsync(id)).Status, Is.EqualTo(JobStatuses.Successful));
        await next.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task UpdateOfASilentHost_IsTakenOver_AndItsLateEndChangesNothing()
    {
        var project = await _rig.AddGitAsync(_git.Url);
        var id = (await RequestAsync(project))!.Value;
        await using var other = new ProjectsRig(Database, "there");
        await SeenAsync("there");
        var lost = (await other.Store.ClaimAsync(CancellationToken.None))!;

        await _rig.Store.TakeBackAsync([], CancellationToken.None);
        Assert.That((await _rig.FindUpdateAsync(id)).Status, Is.EqualTo(JobStatuses.Running), "the other host lives");

        Clock.Advance(HostProcesses.SilentAfter + TimeSpan.FromSeconds(1));
        await _rig.Store.TakeBackAsync([], CancellationToken.None);
        var taken = (await _rig.Store.ClaimAsync(CancellationToken.None))!;
        await other.Store.FinishAsync(lost, ProjectUpdateEnd.Failed("late"), CancellationToken.None);

        Assert.That((taken.UpdateId, taken.Epoch), Is.EqualTo((id, lost.Epoch + 2)));
        var row = await _rig.FindUpdateAsync(id);
        Assert.That((row.Status, row.ControllerNode, row.JobExplanation), Is.EqualTo((JobStatuses.Running, "here", "")));
    }

    [Test]
    public async Task ManyHosts_ClaimEachUpdateOnce()
    {
        foreach (var _ in Enumerable.Range(0, 6))
        {
            await RequestAsync(await _rig.AddGitAsync(_git.Url));
        }

        await using var other = new ProjectsRig(Database, "there");
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? _rig : other).Store.ClaimAsync(CancellationToken.None)));

        var won = claims.OfType<ProjectUpdateClaim>().Select(c => c.UpdateId).ToList();
        Assert.That(won, Is.Unique);
        Assert.That(won, Is.Not.Empty);
    }

    private Task<long?> RequestAsync(Project project) => _rig.Updates.RequestAsync(project.Id, LaunchTypes.Manual, null, CancellationToken.None);

    private async Task<long?> RequestForLaunchAsync(long projectId)
    {
        await using var db = Open();
        return await _rig.Updates.AddForLaunchAsync(db, projectId, CancellationToken.None);
    }

    private async Task SetAsync(Project project, Action<Project> change)
    {
        await using var db = Open();
        change(await db.Projects.SingleAsync(p => p.Id == project.Id));
        await db.SaveChangesAsync();
    }

    private async Task SeenAsync(string hostname)
    {
        await using var db = Open();
        var now = Clock.GetUtcNow().UtcDateTime;
        await db.HostProcesses.Where(h => h.Hostname == hostname).ExecuteDeleteAsync();
        db.HostProcesses.Add(new HostProcess { Hostname = hostname, ProcessId = Guid.NewGuid(), StartedAt = now, LastSeen = now });
        await db.SaveChangesAsync();
    }

    private async Task<HangingGit> HangingGitAsync()
    {
        var hanging = await HangingGit.MakeAsync(_git.Path);
        _rig.Options.GitCommand = hanging.Command;
        return hanging;
    }
}

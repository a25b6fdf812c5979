using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Projects;

public sealed class GitProjectTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private GitSandbox _git = null!;
    private ProjectsRig _rig = null!;

    [SetUp]
    public void SetUp() => (_git, _rig) = (new GitSandbox(), new ProjectsRig(Database));

    [TearDown]
    public async Task TearDownAsync()
    {
        _git.Dispose();
        await _rig.DisposeAsync();
    }

    [Test]
    public async Task Update_BringsTheCommit_ItsPlaybooks_AndWhatGitSaid()
    {
        var commit = _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url);

        var update = await _rig.UpdateAsync(project.Id);

        var after = await _rig.FindAsync(project.Id);
        Assert.Multiple(() =>
        {
            Assert.That(update.Status, Is.EqualTo(JobStatuses.Successful), update.JobExplanation);
            Assert.That(update.ScmRevision, Is.EqualTo(commit));
            Assert.That(update.ControllerNode, Is.EqualTo("here"));
            Assert.That((after.Status, after.ScmRevision, after.PlaybookFiles), Is.EqualTo((JobStatuses.Successful, commit, "[\"site.yml\"]")));
            Assert.That(after.LastUpdated, Is.EqualTo(Clock.GetUtcNow().UtcDateTime));
        });
        Assert.That(await _rig.TextAsync(update.Id), Does.Contain($"Fetching {_git.Url}").And.Contain($"Checking out {commit}").And.EndsWith("1 playbook(s): site.yml\n"));
    }

    [Test]
    public async Task Snapshot_OfACommit_StaysAsItWas_WithoutTraceOfGit()
    {
        var first = _git.Commit("site.yml", "- hosts: one\n");
        var project = await _rig.AddGitAsync(_git.Url);
        await _rig.UpdateAsync(project.Id);
        await using var before = await _rig.Files.OpenAsync(await _rig.FindAsync(project.Id), null, CancellationToken.None);

        var second = _git.Commit("site.yml", "- hosts: two\n");
        await _rig.UpdateAsync(project.Id);
        await using var after = await _rig.Files.OpenAsync(await _rig.FindAsync(project.Id), null, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That((before.Revision, after.Revision), Is.EqualTo((first, second)));
            Assert.That(File.ReadAllText(Path.Combine(before.Directory, "site.yml")), Does.Contain("one"));
            Assert.That(File.ReadAllText(Path.Combine(after.Directory, "site.yml")), Does.Contain("two"));
            Assert.That(Directory.Exists(Path.Combine(after.Directory, ".git")), Is.False);
        });
    }

    [Test]
    public async Task Commit_IsFetchedByAnotherHost_ThatNeverUpdated()
    {
        var commit = _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url);
        await _rig.UpdateAsync(project.Id);
        _git.Commit("site.yml", "- hosts: newer\n");
        await using var other = new ProjectsRig(Database, "there");

        await using var snapshot = await other.Files.OpenAsync(await _rig.FindAsync(project.Id), null, CancellationToken.None);

        Assert.That(snapshot.Revision, Is.EqualTo(commit));
    }

    [Test]
    public async Task Commit_ThatNoBranchLeadsToAnyMore_IsFetchedByItself()
    {
        _git.Commit("site.yml", "- hosts: base\n");
        var lost = _git.Commit("site.yml", "- hosts: lost\n");
        _git.Run("reset", "--hard", "--quiet", "HEAD~1");
        var project = await _rig.AddGitAsync(_git.Url);

        await using var snapshot = await _rig.Files.OpenAsync(project, lost, CancellationToken.None);

        Assert.That(await File.ReadAllTextAsync(Path.Combine(snapshot.Directory, "site.yml")), Does.Contain("lost"));
    }

    [TestCase("feature", "feature")]
    [TestCase("v1", "main one")]
    [TestCase("", "main two")]
    public async Task Branch_Tag_AndDefault_AreFollowed(string branch, string expected)
    {
        _git.Commit("site.yml", "- hosts: main one\n");
        _git.Run("tag", "--annotate", "--message", "one", "v1");
        _git.Run("checkout", "--quiet", "-b", "feature");
        _git.Commit("site.yml", "- hosts: feature\n");
        _git.Run("checkout", "--quiet", "main");
        _git.Commit("site.yml", "- hosts: main two\n");
        var project = await _rig.AddGitAsync(_git.Url, p => p.ScmBranch = branch);

        await _rig.UpdateAsync(project.Id);

        await using var snapshot = await _rig.Files.OpenAsync(await _rig.FindAsync(project.Id), "", CancellationToken.None);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(snapshot.Directory, "site.yml")), Does.Contain(expected));
    }

    [Test]
    public async Task Submodules_AreChecked_OutOnlyWhenAskedFor([Values] bool track)
    {
        using var inner = new GitSandbox();
        inner.Commit("role.txt", "role");
        _git.Commit("site.yml", "- hosts: all\n");
        _git.Run("submodule", "--quiet", "add", inner.Url, "vendor/inner");
        _git.CommitAll();
        var project = await _rig.AddGitAsync(_git.Url, p => p.ScmTrackSubmodules = track);

        var update = await _rig.UpdateAsync(project.Id);

        Assert.That(update.Status, Is.EqualTo(JobStatuses.Successful), await _rig.TextAsync(update.Id));
        await using var snapshot = await _rig.Files.OpenAsync(await _rig.FindAsync(project.Id), null, CancellationToken.None);
        Assert.That(File.Exists(Path.Combine(snapshot.Directory, "vendor/inner/role.txt")), Is.EqualTo(track));
        Assert.That(Directory.GetFileSystemEntries(snapshot.Directory, ".git", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Failure_IsToldInGitsWords_AndKeepsTheOldRevision()
    {
        var commit = _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url);
        await _rig.UpdateAsync(project.Id);
        Directory.Move(Path.Combine(_git.Path, ".git"), Path.Combine(_git.Path, "gone"));

        var update = await _rig.UpdateAsync(project.Id);

        var after = await _rig.FindAsync(project.Id);
        Assert.That(update.Status, Is.EqualTo(JobStatuses.Failed));
        Assert.That(update.JobExplanation, Does.StartWith("git: fatal: "));
        Assert.That((after.Status, after.ScmRevision, after.LastUpdateFailed), Is.EqualTo((JobStatuses.Failed, commit, true)));
    }

    [Test]
    public async Task MissingBranch_IsNamed()
    {
        _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url, p => p.ScmBranch = "nowhere");

        var update = await _rig.UpdateAsync(project.Id);

        Assert.That((update.Status, update.JobExplanation), Is.EqualTo((JobStatuses.Failed, "The repository has no branch, tag or commit \"nowhere\".")));
    }

    [Test]
    public async Task ProtocolThatIsNotAllowed_IsRefusedByGitItself()
    {
        _git.Commit("site.yml", "- hosts: all\n");
        _rig.Options.GitProtocols.Clear();
        var project = await _rig.AddGitAsync(_git.Url);

        var update = await _rig.UpdateAsync(project.Id);

        Assert.That(update.JobExplanation, Does.Contain("transport 'file' not allowed"));
    }

    [Test]
    public async Task LockThatAKilledGitLeft_DoesNotStopTheNextUpdate()
    {
        _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url);
        await _rig.UpdateAsync(project.Id);
        await File.WriteAllTextAsync(Path.Combine(_rig.Paths.RepositoryOf(project.Id), "packed-refs.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(_rig.Paths.RepositoryOf(project.Id), "refs/heads/main.lock"), "");
        _git.Commit("site.yml", "- hosts: more\n");

        var update = await _rig.UpdateAsync(project.Id);

        Assert.That(update.Status, Is.EqualTo(JobStatuses.Successful), update.JobExplanation);
    }

    [Test]
    public async Task Hooks_AndConfiguration_OfTheAccount_TakeNoPart()
    {
        _git.Commit("site.yml", "- hosts: all\n");
        var project = await _rig.AddGitAsync(_git.Url);
        await File.WriteAllTextAsync(Path.Combine(_rig.Paths.GitHome, ".gitconfig"), "[url \"file:///nowhere\"]\n\tinsteadOf = file://\n");

        Assert.That((await _rig.UpdateAsync(project.Id)).Status, Is.EqualTo(JobStatuses.Successful));
    }
}

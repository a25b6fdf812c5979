using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.IntegrationTests.Output;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>One host's share of the projects, on a database that it may have in common with others.</summary>
internal sealed class ProjectsRig : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestDatabase _database;
    private readonly OutputRig _output;
    private readonly ProjectUpdateRun _run;
    private readonly ProjectCacheSweep _sweep;

    public ProjectsRig(TestDatabase database, string hostname = "here")
    {
        _database = database;
        Options.GitProtocols.Add("file");
        Paths = new ProjectPaths(_directory.File("root"), _directory.File("cache"));
        Retry = new DatabaseRetry(database.Contexts, database.Database, database.Clock, NullLogger<DatabaseRetry>.Instance);
        WakeUps = new WakeUps(database.Clock);
        _output = new OutputRig(database.Contexts, database.Clock);
        var repositories = new GitRepositories(new GitCommand(Options, Paths), Options, Paths);
        Archives = new ArchiveStore(Retry, Paths, database.Clock);
        var archive = new ProjectArchive(Options);
        var data = new DataDirectory(_directory.File("data"));
        var source = new SecretKeySource(database.Configuration, data);
        Keys = new SecretKeys(
            source, Retry, database.Database, new KeyRotation(source, Retry, NullLogger<KeyRotation>.Instance), NullLogger<SecretKeys>.Instance);
        var logins = new GitLogins(Retry, new CredentialReader(Keys), data);
        Files = new ProjectFiles(new ManualProjects(Paths), repositories, logins, Archives, archive, new SnapshotCache(Paths.Snapshots, 10, database.Clock));
        Uploads = new ArchiveUploads(Retry, Archives, archive, Options, database.Clock);
        Updates = new ProjectUpdates(Retry, WakeUps, database.Clock);
        Store = new ProjectUpdateStore(Retry, new JobNotifications(WakeUps), new HostIdentity(hostname), database.Clock);
        _run = new ProjectUpdateRun(repositories, logins, Files, _output.Store, database.Clock);
        _sweep = new ProjectCacheSweep(Retry, repositories, Archives, Paths, NullLogger<ProjectCacheSweep>.Instance);
    }

    public ProjectsOptions Options { get; } = new();

    public ProjectPaths Paths { get; }

    public DatabaseRetry Retry { get; }

    public WakeUps WakeUps { get; }

    public ArchiveStore Archives { get; }

    public ArchiveUploads Uploads { get; }

    public ProjectFiles Files { get; }

    public SecretKeys Keys { get; }

    public ProjectUpdates Updates { get; }

    public ProjectUpdateStore Store { get; }

    public ProjectUpdater NewUpdater() => new(Store, _run, _sweep, WakeUps, Options, _database.Clock, NullLogger<ProjectUpdater>.Instance);

    public async Task<Project> AddAsync(Project project)
    {
        await using var db = _database.Open();
        project.Name = project.Name.Length > 0 ? project.Name : Guid.NewGuid().ToString();
        db.Projects.Add(project);
        await db.SaveChangesAsync();
        return project;
    }

    public Task<Project> AddGitAsync(string url, Action<Project>? change = null)
    {
        var project = new Project { ScmType = ScmTypes.Git, ScmUrl = url };
        change?.Invoke(project);
        return AddAsync(project);
    }

    public async Task<Project> FindAsync(long id)
    {
        await using var db = _database.Open();
        return await db.Projects.AsNoTracking().SingleAsync(p => p.Id == id);
    }

    public async Task<ProjectUpdate> FindUpdateAsync(long id)
    {
        await using var db = _database.Open();
        return await db.ProjectUpdates.AsNoTracking().SingleAsync(u => u.Id == id);
    }

    public async Task<string> TextAsync(long updateId) => System.Text.Encoding.UTF8.GetString(await _output.TextAsync(updateId));

    /// <summary>Runs an update to its end, as the server does.</summary>
    public async Task<ProjectUpdate> UpdateAsync(long projectId)
    {
        var id = await Updates.RequestAsync(projectId, LaunchTypes.Manual, null, CancellationToken.None) ?? throw new InvalidOperationException("no update");
        using var updater = NewUpdater();
        await updater.StartAsync(CancellationToken.None);
        await EndedAsync(id);
        await updater.StopAsync(CancellationToken.None);
        return await FindUpdateAsync(id);
    }

    public Task EndedAsync(long updateId) => Eventually.BeAsync(
        async () => (await FindUpdateAsync(updateId)).Finished is not null, $"project update {updateId} has ended");

    public async ValueTask DisposeAsync()
    {
        await _output.DisposeAsync();
        _directory.Dispose();
    }
}

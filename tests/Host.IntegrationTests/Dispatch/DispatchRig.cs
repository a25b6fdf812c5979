using System.Globalization;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>
/// An installation whose hosts live in this process and die as a test wants: a database, the environments of the fake backend on
/// disk, a clock that stands still. A job's name is the script by which the fake behaves.
/// </summary>
internal sealed class DispatchRig : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TemporaryDirectory _directory = new();
    private readonly List<DispatchHost> _hosts = [];

    private DispatchRig(TestDatabase database)
    {
        _database = database;
        HostClock = database.Clock;
        Calls = new BackendCalls(database.Clock);
        Settings = new Dictionary<string, string?>(database.Settings)
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["AdminPassword"] = "password",
            ["Plugins:Directories:0"] = TestPlugins.Directory("FakeBackend"),
            ["Plugins:Settings:fake:directory"] = _directory.Path,
            ["Plugins:Settings:fake:uses_instances"] = "false",
            ["Plugins:Settings:fake:reachable_from_any_host"] = "true",
            ["Instances:Cpu"] = "100",
            ["Instances:Memory"] = "1Ti",
        };
    }

    public Dictionary<string, string?> Settings { get; }

    public FakeClock Clock => _database.Clock;

    /// <summary>What the hosts take for the time.</summary>
    public TimeProvider HostClock { get; init; }

    public BackendCalls Calls { get; }

    /// <summary>The environments that exist.</summary>
    public IReadOnlyList<string> Environments => Directory.Exists(_directory.File("environments"))
        ? [.. Directory.GetDirectories(_directory.File("environments")).Select(d => Path.GetFileName(d)).Where(n => !n.StartsWith('.'))]
        : [];

    /// <param name="kind">Where it keeps its rows.</param>
    /// <param name="realTime">Whether the hosts live by the real clock; else by one that stands still.</param>
    /// <param name="clock">The one that stands still; null for one that stands at the beginning of 2026.</param>
    public static async Task<DispatchRig> CreateAsync(DatabaseKind kind, bool realTime = false, FakeClock? clock = null)
    {
        var database = await TestDatabase.CreateAsync(kind, clock);
        return new DispatchRig(database) { HostClock = realTime ? TimeProvider.System : database.Clock };
    }

    public AppDb Open() => _database.Open();

    public async Task<DispatchHost> StartHostAsync(string name = "alpha", Action<DbContextOptionsBuilder>? configure = null)
    {
        var settings = new Dictionary<string, string?>(Settings);
        if (name != "alpha")
        {
            settings["Data"] = _directory.File($"data-{name}");
        }

        var host = await DispatchHost.StartAsync(name, settings, HostClock, Calls, configure);
        _hosts.Add(host);
        return host;
    }

    /// <param name="script">How every job of the group behaves.</param>
    /// <param name="maxJobs">0 for no limit.</param>
    /// <param name="maxForks">0 for no limit.</param>
    /// <param name="instances">Hostnames of its members.</param>
    public async Task<long> GroupAsync(string script = "", int maxJobs = 0, int maxForks = 0, params string[] instances)
    {
        await using var db = Open();
        var group = new InstanceGroup
        {
            Name = $"group-{Guid.NewGuid():N}",
            ExecutionBackend = "fake",
            MaxConcurrentJobs = maxJobs,
            MaxForks = maxForks,
            BackendSettings = System.Text.Json.JsonSerializer.Serialize(new { script }),
        };
        var members = await db.Instances.Where(i => instances.Contains(i.Hostname)).Select(i => i.Id).ToListAsync();
        group.Instances.AddRange(members.Select(id => new InstanceGroupMember { InstanceId = id }));
        db.InstanceGroups.Add(group);
        await db.SaveChangesAsync();
        return group.Id;
    }

    /// <summary>Calls the hosts as if one of them had written what the test has.</summary>
    public void Pulse(string name)
    {
        foreach (var host in _hosts.Where(host => host.Lives))
        {
            host.Get<WakeUps>().PulseHere(name, payload: null);
        }
    }

    public static Task<long> LaunchAsync(DispatchHost host, string script, params long[] groups) =>
        LaunchAsync(host, new Job { Name = script }, groups);

    public static async Task<long> LaunchAsync(DispatchHost host, Job job, params long[] groups)
    {
        job.Name = job.Name.Length > 0 ? job.Name : "exit=0";
        job.JobType = JobTypes.Command;
        job.Command = """["fake"]""";
        await host.Get<JobLauncher>().LaunchAsync(job, groups, GivenPasswords.None, new FieldErrors(), CancellationToken.None);
        return job.Id;
    }

    public async Task<Job> FindAsync(long jobId)
    {
        await using var db = Open();
        return await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
    }

    public Task<Job> EndedAsync(long jobId) => UntilAsync(jobId, j => JobStateMachine.IsFinal(j.Status), "it has ended");

    /// <summary>Waits, with the clock standing still, until the job's row is as wanted.</summary>
    public async Task<Job> UntilAsync(long jobId, Func<Job, bool> condition, string what)
    {
        var job = await FindAsync(jobId);
        await EventuallyAsync(async () => condition(job = await FindAsync(jobId)), () => $"{what}: {Describe(job)}");
        return job;
    }

    /// <summary>Lets time pass until the job's row is as wanted: for waits that begin a moment after what the test can see.</summary>
    public async Task<Job> PassTimeUntilAsync(TimeSpan step, long jobId, Func<Job, bool> condition, string what)
    {
        var job = await FindAsync(jobId);
        await EventuallyAsync(
            async () =>
            {
                if (condition(job = await FindAsync(jobId)))
                {
                    return true;
                }

                await PassTimeAsync(step);
                return false;
            },
            () => $"{what}: {Describe(job)}");
        return job;
    }

    /// <summary>Lets time pass for several hosts: none that lives falls silent because the machine is busy.</summary>
    public async Task PassTimeAsync(TimeSpan time)
    {
        Clock.Advance(time);
        var alive = _hosts.Where(h => h.Lives).Select(h => h.Name).ToList();
        var now = Clock.GetUtcNow().UtcDateTime;
        await EventuallyAsync(
            async () =>
            {
                await using var db = Open();
                return await db.HostProcesses.CountAsync(p => alive.Contains(p.Hostname) && p.LastSeen >= now - HostProcesses.Period) == alive.Count;
            },
            () => "all living hosts have said so");
    }

    public Task EventuallyAsync(Func<bool> condition, string what) => EventuallyAsync(() => Task.FromResult(condition()), () => what);

    public async Task EventuallyAsync(Func<Task<bool>> condition, Func<string> what)
    {
        try
        {
            await Eventually.BeAsync(condition, "…");
        }
        catch (TimeoutException)
        {
            var log = _hosts.SelectMany(h => h.Log.Lines).TakeLast(40);
            throw new TimeoutException($"It is still not so that {what()}\n{string.Join('\n', log)}");
        }
    }

    /// <summary>The environments that exist of one job.</summary>
    public IReadOnlyList<string> EnvironmentsOf(long jobId) => [.. Environments.Where(name => JobOf(name) == jobId)];

    /// <summary>An environment of another installation in the same place, older than any grace.</summary>
    public string AddForeignEnvironment()
    {
        const string Name = "other-900009-1";
        var path = Directory.CreateDirectory(Path.Combine(_directory.File("environments"), Name)).FullName;
        File.WriteAllText(
            Path.Combine(path, "environment.json"),
            """{"InstallationId":"other","JobId":900009,"Attempt":1,"Instance":null,"CreatedAt":"2020-01-01T00:00:00+00:00","Script":[]}""");
        return Name;
    }

    /// <summary>How often a program of the job was started, in any environment.</summary>
    public int Starts(long jobId)
    {
        var file = _directory.File("starts.log");
        return File.Exists(file) ? File.ReadLines(file).Count(name => JobOf(name) == jobId) : 0;
    }

    public async Task<byte[]> OutputAsync(long jobId)
    {
        await using var db = Open();
        var chunks = await db.OutputChunks.AsNoTracking().Where(c => c.JobId == jobId).OrderBy(c => c.OutputOffset).ToListAsync();
        return [.. chunks.SelectMany(c => ChunkCompression.Unpack(c.Data, c.Compression, c.Length))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _database.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>INSTALLATION-JOB-ATTEMPT</summary>
    private static long JobOf(string environment) => long.Parse(environment.Split('-')[^2], CultureInfo.InvariantCulture);

    private static string Describe(Job job) =>
        $"job {job.Id} is {job.Status}, attempt {job.Attempt}, epoch {job.ClaimEpoch}, not before {job.NotBefore:O}, '{job.JobExplanation}'";
}

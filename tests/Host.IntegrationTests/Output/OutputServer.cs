using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.IntegrationTests.Output;

/// <summary>A whole server on a random port, to whose database a test gives jobs and output.</summary>
internal sealed class OutputServer : IAsyncDisposable
{
    private const string Password = "of-the-test";

    private readonly TemporaryDirectory _directory;
    private readonly WebApplication _app;

    private OutputServer(TemporaryDirectory directory, WebApplication app)
    {
        (_directory, _app) = (directory, app);
        var anyCertificate = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        Http = new HttpClient(anyCertificate) { BaseAddress = new Uri(app.Urls.First()), DefaultRequestVersion = HttpVersion.Version20 };
        Http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
    }

    public HttpClient Http { get; }

    private JobOutputs Outputs => _app.Services.GetRequiredService<JobOutputs>();

    private ProgramBuilder Programs => _app.Services.GetRequiredService<ProgramBuilder>();

    /// <summary>The data directory.</summary>
    public string Data => _directory.File("data");

    public OutputStore Store => _app.Services.GetRequiredService<OutputStore>();

    public static async Task<OutputServer> StartAsync()
    {
        var directory = new TemporaryDirectory();
        var app = HostApp.Build(["--data", directory.File("data"), "--urls", "https://127.0.0.1:0", "--AdminPassword", Password]);
        await app.StartAsync();
        return new OutputServer(directory, app);
    }

    public AppDb Open() => _app.Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContext();

    public async Task<long> AddJobAsync(string jobType, Action<Job>? change = null)
    {
        await using var db = Open();
        var job = new Job { Name = "job", JobType = jobType, Status = JobStatuses.Running, ClaimEpoch = 1 };
        change?.Invoke(job);
        db.Jobs.Add(job);
        await db.SaveChangesAsync();
        return job.Id;
    }

    /// <summary>The output of a job without secrets.</summary>
    public async Task<JobOutput> OpenOutputAsync(long job)
    {
        await using var db = Open();
        return await Outputs.OpenAsync(await db.Jobs.SingleAsync(j => j.Id == job), 1, [], CancellationToken.None);
    }

    /// <summary>The program of a job without credentials.</summary>
    public async Task<JobProgram> BuildProgramAsync(long job)
    {
        await using var db = Open();
        return await Programs.BuildAsync(await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == job), JobCredentialSet.Empty, CancellationToken.None);
    }

    /// <summary>A job that has printed a spool and ended.</summary>
    public async Task<long> AddEndedJobAsync(string jobType, byte[] spool, Action<Job>? change = null)
    {
        var job = await AddJobAsync(jobType, change);
        await using var output = await OpenOutputAsync(job);
        await output.AppendAsync(spool, CancellationToken.None);
        await output.CompleteAsync(CancellationToken.None);
        await EndAsync(job);
        return job;
    }

    /// <summary>Ends a job as the dispatcher does: the row, then the wake-up.</summary>
    public async Task EndAsync(long job)
    {
        await using var db = Open();
        await db.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(s => s.SetProperty(j => j.Status, JobStatuses.Successful));
        _app.Services.GetRequiredService<WakeUps>().Pulse(WakeUpNames.JobFinished, $"{job}");
    }

    public async Task<JsonElement> GetAsync(string url)
    {
        using var answer = await Http.GetAsync(url);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(200), text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}

using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Output.Masking;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Output;

/// <summary>Jobs with output on a database, and what is stored of it.</summary>
internal sealed class OutputRig : IAsyncDisposable
{
    public const int Epoch = 3;

    private readonly SecretMatchers _matchers = new();

    public OutputRig(IDbContextFactory<AppDb> contexts, TimeProvider clock)
    {
        Contexts = contexts;
        Signals = new OutputSignals(new WakeUps(clock), clock);
        Stall = new OutputStall(NullLogger<OutputStall>.Instance, clock);
        Queue = new OutputWriteQueue(contexts, Stall, clock);
        // These jobs have no credentials, so no key is asked for.
        var secrets = new JobSecrets(contexts, new CredentialReader(null!), new LaunchPasswords(null!));
        Store = new OutputStore(contexts, secrets, _matchers, Queue, Signals, clock);
        Jobs = new JobOutputs(contexts, Store, clock);
    }

    public IDbContextFactory<AppDb> Contexts { get; }

    public OutputStall Stall { get; }

    public OutputSignals Signals { get; }

    public OutputWriteQueue Queue { get; }

    public OutputStore Store { get; }

    public JobOutputs Jobs { get; }

    public async Task<long> NewJobAsync(string jobType, long? inventoryId = null)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        var job = new Job { Name = "job", JobType = jobType, Status = JobStatuses.Running, ClaimEpoch = Epoch, InventoryId = inventoryId };
        db.Jobs.Add(job);
        await db.SaveChangesAsync();
        return job.Id;
    }

    public async Task<JobOutput> OpenAsync(long jobId, int epoch = Epoch)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await Jobs.OpenAsync(await db.Jobs.SingleAsync(job => job.Id == jobId), epoch, [], CancellationToken.None);
    }

    /// <summary>Hands in a whole spool in one go, and completes it.</summary>
    public async Task<long> RunAsync(string jobType, byte[] spool, long? inventoryId = null)
    {
        var job = await NewJobAsync(jobType, inventoryId);
        await using var output = await OpenAsync(job);
        await output.AppendAsync(spool, CancellationToken.None);
        await output.CompleteAsync(CancellationToken.None);
        return job;
    }

    public async Task<Job> FindAsync(long jobId)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
    }

    public async Task<List<OutputChunk>> ChunksAsync(long jobId)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await db.OutputChunks.AsNoTracking().Where(c => c.JobId == jobId).OrderBy(c => c.OutputOffset).ToListAsync();
    }

    public async Task<byte[]> TextAsync(long jobId)
    {
        var text = new MemoryStream();
        foreach (var chunk in await ChunksAsync(jobId))
        {
            text.Write(ChunkCompression.Unpack(chunk.Data, chunk.Compression, chunk.Length));
        }

        return text.ToArray();
    }

    public async Task<List<JobEvent>> EventsAsync(long jobId)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await db.JobEvents.AsNoTracking().Where(e => e.JobId == jobId).OrderBy(e => e.Counter).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        _matchers.Dispose();
    }
}

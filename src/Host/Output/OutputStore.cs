using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Output.Masking;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Output;

/// <summary>Opens a job's output for writing at the position that is stored.</summary>
internal sealed class OutputStore(
    IDbContextFactory<AppDb> databases,
    JobSecrets secrets,
    SecretMatchers matchers,
    OutputWriteQueue queue,
    OutputSignals signals,
    TimeProvider time)
{
    private static readonly CompiledOnce<Func<AppDb, long, int, CancellationToken, Task<OutputPosition?>>> Stored = new(() => EF.CompileAsyncQuery(
        (AppDb db, long jobId, int claimEpoch, CancellationToken _) => db.Jobs
            .Where(j => j.Id == jobId && j.ClaimEpoch == claimEpoch)
            .Select(j => (OutputPosition?)new OutputPosition
            {
                Spool = j.SpoolOffset,
                Text = j.OutputOffset,
                Lines = j.OutputLines,
                Counter = j.Events.Max(e => (int?)e.Counter) ?? 0,
            })
            .SingleOrDefault()));

    /// <summary>Opens the output of a job whose claim the caller holds.</summary>
    /// <exception cref="ClaimLostException">Another runner has the job, or the job is gone.</exception>
    public async Task<JobOutput> OpenAsync(
        long jobId, int claimEpoch, ISpoolParser parser, IReadOnlyList<ReadOnlyMemory<byte>> hidden, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var position = await Stored.For(db)(db, jobId, claimEpoch, cancellationToken) ?? throw new ClaimLostException(jobId);
        return Open(jobId, claimEpoch, position, parser, hidden);
    }

    /// <summary>Opens the output of a project update, which has no spool: what is appended is its text.</summary>
    public async Task<JobOutput> OpenUpdateAsync(long projectUpdateId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var update = await db.ProjectUpdates.AsNoTracking()
            .Where(u => u.Id == projectUpdateId)
            .Select(u => new { u.OutputOffset, u.OutputLines })
            .SingleOrDefaultAsync(cancellationToken) ?? throw new ClaimLostException(projectUpdateId);
        var position = new OutputPosition { Spool = update.OutputOffset, Text = update.OutputOffset, Lines = update.OutputLines, Counter = 0 };
        var hidden = await secrets.ForProjectUpdateAsync(projectUpdateId, cancellationToken);
        return Open(projectUpdateId, claimEpoch: null, position, new TextSpoolParser(), hidden);
    }

    private JobOutput Open(long jobId, int? claimEpoch, OutputPosition position, ISpoolParser parser, IReadOnlyList<ReadOnlyMemory<byte>> hidden) =>
        new(new OutputBatch(jobId, claimEpoch, position, queue.BatchLimit), parser, matchers.MaskerFor(hidden), queue, signals, time);
}

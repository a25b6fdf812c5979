using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>Opens the output of a job in the form that its program prints.</summary>
internal sealed class JobOutputs(IDbContextFactory<AppDb> databases, OutputStore store, TimeProvider time)
{
    /// <summary>Opens the output of a job whose claim the caller holds, at the position that is stored.</summary>
    /// <exception cref="ClaimLostException">Another runner has the job, or the job is gone.</exception>
    public async Task<JobOutput> OpenAsync(long jobId, int claimEpoch, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var job = await db.Jobs.AsNoTracking().Where(j => j.Id == jobId).Select(j => new { j.JobType, j.InventoryId })
            .SingleOrDefaultAsync(cancellationToken) ?? throw new ClaimLostException(jobId);
        ISpoolParser parser = job.JobType == JobTypes.Command
            ? new TextSpoolParser()
            : new EventSpoolParser(new InventoryHostIds(databases, job.InventoryId), time);
        return await store.OpenAsync(jobId, claimEpoch, parser, cancellationToken);
    }
}

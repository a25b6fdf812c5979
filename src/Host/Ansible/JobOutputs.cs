using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>Opens the output of a job in the form that its program prints.</summary>
internal sealed class JobOutputs(IDbContextFactory<AppDb> databases, OutputStore store, TimeProvider time)
{
    /// <summary>Opens the output of a job whose claim the caller holds, at the position that is stored.</summary>
    /// <param name="job">Of it, what does not change while it runs.</param>
    /// <param name="claimEpoch">The claim.</param>
    /// <param name="hidden">What must not appear in it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="ClaimLostException">Another runner has the job, or the job is gone.</exception>
    public Task<JobOutput> OpenAsync(Job job, int claimEpoch, IReadOnlyList<ReadOnlyMemory<byte>> hidden, CancellationToken cancellationToken) =>
        store.OpenAsync(
            job.Id,
            claimEpoch,
            job.JobType == JobTypes.Command
                ? new TextSpoolParser()
                : new EventSpoolParser(new InventoryHostIds(databases, job.InventoryId), time, summarizesHosts: job is not AdHocCommand),
            hidden,
            cancellationToken);
}

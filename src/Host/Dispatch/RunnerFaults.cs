using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// What becomes of a job whose runner failed in a way that nobody foresaw: its row says so, and it is tried again. While its program
/// can't have run, only for as long as a job may wait at all; once it may have run, until its environment says how it ended.
/// </summary>
internal sealed partial class RunnerFaults(JobStore store, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<RunnerFaults> logger)
{
    /// <returns>Whether the job has ended by it.</returns>
    /// <exception cref="ClaimLostException">Another runner has the job.</exception>
    public async Task<bool> TellAsync(RunningJob running, Exception fault)
    {
        try
        {
            return await store.FindAsync(running.Claim, running.LetGo) is { } job && await TellAsync(running, job, fault);
        }
        catch (Exception e) when (e is not (ClaimLostException or OperationCanceledException))
        {
            // Most likely what has failed the runner.
            LogNotTold(running.Claim.JobId, e);
            return false;
        }
    }

    private async Task<bool> TellAsync(RunningJob running, Job job, Exception fault)
    {
        // The kind only: nobody knows what an unforeseen message quotes.
        var what = $"an unforeseen fault of the server or a plugin ({fault.GetType().Name}); its log tells more.";
        if (job.StartIntended)
        {
            await store.ExplainAsync(
                running.Claim, $"This job can't be followed at the moment, because of {what} It is tried again; its program may be running.", running.LetGo);
            return false;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var since = job.RefusedSince ?? now;
        if (job.CanceledOn is null && now - since < options.Value.PendingTimeout)
        {
            await store.WaitsForRoomAsync(running.Claim, $"This job could not be started yet, because of {what} It is tried again.", since, running.LetGo);
            return false;
        }

        var end = job.CanceledOn is null ? JobEnd.Error($"This job could not be started, because of {what}") : JobEnd.Canceled;
        await store.FinishAsync(running.Claim, job.Started, end, running.LetGo);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "The row of job {JobId} can't say that its runner failed")]
    private partial void LogNotTold(long jobId, Exception exception);
}

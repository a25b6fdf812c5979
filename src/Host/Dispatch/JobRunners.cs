using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>The runners of this process: one task per job, none forgotten. They end when their job does, or let go when the host stops.</summary>
internal sealed partial class JobRunners(
    JobRunner runner,
    RunnerFaults faults,
    RunningJobs running,
    EnvironmentDestroyer destroyer,
    WakeUps wakeUps,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<JobRunners> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes a claimed job in hand. A runner that still holds an older claim on it lets go first.</summary>
    public void Start(JobClaim claim)
    {
        var job = new RunningJob(claim, _stopping.Token);
        var former = running.Put(job)?.Done ?? Task.CompletedTask;
        job.Done = Task.Run(
            async () =>
            {
                await former;
                await RunAsync(job);
            },
            CancellationToken.None);
    }

    /// <summary>Lets every job go: they live on, and the next host finds them.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(running.All.Select(j => j.Done)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(RunningJob job)
    {
        LeftEnvironment? left;
        try
        {
            left = await RunUntilDoneAsync(job);
        }
        finally
        {
            running.Remove(job);
        }

        if (!_stopping.IsCancellationRequested)
        {
            destroyer.Look(job.Claim.JobId, left);
            wakeUps.Pulse(WakeUpNames.JobFinished, job.Claim.JobId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            wakeUps.Pulse(WakeUpNames.Dispatch);
        }
    }

    /// <summary>A fault of ours must not lose a job: the runner starts at the top again, which finds what was done.</summary>
    /// <returns>What the job left to be removed; null when the runner does not know.</returns>
    private async Task<LeftEnvironment?> RunUntilDoneAsync(RunningJob job)
    {
        var delay = options.Value.RetryDelay;
        while (!job.LetGo.IsCancellationRequested)
        {
            try
            {
                var (isDone, left) = await TryRunAsync(job);
                if (isDone)
                {
                    return left;
                }

                await Task.Delay(delay, clock, job.LetGo).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < options.Value.MaxRetryDelay ? delay * 2 : options.Value.MaxRetryDelay;
            }
            catch (ClaimLostException)
            {
                LogClaimLost(job.Claim.JobId);
                return null;
            }
            catch (OperationCanceledException) when (job.LetGo.IsCancellationRequested)
            {
                return null;
            }
        }

        return null;
    }

    /// <returns>Whether nothing is left to run, and what is to be removed, as far as is known.</returns>
    private async Task<(bool IsDone, LeftEnvironment? Left)> TryRunAsync(RunningJob job)
    {
        try
        {
            return (true, await runner.RunAsync(job));
        }
        catch (Exception exception) when (exception is not ClaimLostException && !(exception is OperationCanceledException && job.LetGo.IsCancellationRequested))
        {
            LogRunnerFailed(job.Claim.JobId, exception);
            return (job.LetGo.IsCancellationRequested || await faults.TellAsync(job, exception), null);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} is another runner's now")]
    private partial void LogClaimLost(long jobId);

    [LoggerMessage(2, LogLevel.Error, "The runner of job {JobId} failed and starts again")]
    private partial void LogRunnerFailed(long jobId, Exception exception);
}

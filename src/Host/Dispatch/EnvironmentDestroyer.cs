using ContainerGroups.Abstractions;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Removes the environments of ended jobs, off the path of their status. What is to be removed stands in the rows, so a crash
/// forgets nothing; what fails is tried again.
/// </summary>
internal sealed partial class EnvironmentDestroyer(
    DatabaseRetry retry,
    JobStore store,
    JobTargets targets,
    HostIdentity host,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<EnvironmentDestroyer> logger) : BackgroundService
{
    /// <summary>Removals at once: a backend's other side is not to be flooded.</summary>
    private const int Width = 32;

    private readonly SemaphoreSlim _look = new(0, 1);

    /// <summary>Something may have to be removed.</summary>
    public void Look()
    {
        try
        {
            _look.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    public override void Dispose()
    {
        _look.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var failed = await DestroyAllAsync(stoppingToken);
                await _look.WaitAsync(failed ? options.Value.RetryDelay : options.Value.SafetyPeriod, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogRoundFailed(exception);
                await Task.Delay(options.Value.RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether something is left.</returns>
    private async Task<bool> DestroyAllAsync(CancellationToken cancellationToken)
    {
        var failed = false;
        var after = 0L;
        while (true)
        {
            var ended = await retry.ReadAsync(
                (db, token) => db.Jobs.AsNoTracking().Include(j => j.InstanceGroup)
                    .Where(j => j.DestroyPending && j.ControllerNode == host.Hostname && j.Finished != null && j.Id > after)
                    .OrderBy(j => j.Id).Take(Width * 4).ToListAsync(token),
                cancellationToken);
            if (ended.Count == 0)
            {
                return failed;
            }

            after = ended[^1].Id;
            await Parallel.ForEachAsync(
                ended,
                new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancellationToken },
                async (job, token) => failed |= !await DestroyAsync(job, token));
        }
    }

    private async Task<bool> DestroyAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            if (job.InstanceGroup is not null)
            {
                var (backend, target) = targets.Resolve(job.InstanceGroup, job.ExecutionNode);
                var handle = JobJson.Handle(job.EnvironmentHandle) ?? await EnvironmentSearch.FindAsync(backend, target, job, cancellationToken);
                if (handle is not null)
                {
                    await backend.DestroyAsync(handle, target, cancellationToken);
                }
            }

            await store.DestroyedAsync(job.Id, job.Attempt, cancellationToken);
            return true;
        }
        catch (BackendException exception)
        {
            LogNotDestroyed(job.Id, exception.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Removing the environments of ended jobs failed; it is repeated")]
    private partial void LogRoundFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The environment of job {JobId} is not removed yet: {Message}")]
    private partial void LogNotDestroyed(long jobId, string message);
}

using System.Collections.Concurrent;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Removes the environments of ended jobs, off the path of their status. What is to be removed stands in the rows, so a crash
/// forgets nothing; what fails is tried again, each time after a longer while.
/// </summary>
internal sealed partial class EnvironmentDestroyer(
    DatabaseRetry retry,
    JobStore store,
    GroupTargets targets,
    HostIdentity host,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<EnvironmentDestroyer> logger) : BackgroundService
{
    /// <summary>Removals at once. Most of one is waiting, for a pod takes its time to be gone.</summary>
    private const int Width = 256;

    private readonly Signal _look = new();
    private readonly ConcurrentQueue<(long JobId, LeftEnvironment? Left)> _ended = new();
    private readonly DestroyRetries _retries = new(options.Value);
    private readonly SemaphoreSlim _width = new(Width);
    private readonly ConcurrentDictionary<long, Task> _underWay = new();

    /// <summary>A job has ended, or gone back to the queue.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="left">Its environment, where the job has ended and its runner knows it; else the row says.</param>
    public void Look(long jobId, LeftEnvironment? left)
    {
        _ended.Enqueue((jobId, left));
        _look.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var searched = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _look.Reset();
                // The search looks at every job that runs: not with every job that ends, but for what others left behind.
                if (clock.GetUtcNow() - searched >= options.Value.SafetyPeriod)
                {
                    await BeginAllAsync(stoppingToken);
                    searched = clock.GetUtcNow();
                }

                BeginKnown(stoppingToken);
                var untilSearch = searched + options.Value.SafetyPeriod - clock.GetUtcNow();
                await _look.Task.WaitAsync(_retries.Wait(clock.GetUtcNow(), untilSearch, _underWay.ContainsKey), clock, stoppingToken);
            }
            catch (TimeoutException)
            {
                // Nobody called: it looks again all the same.
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

        await Task.WhenAll(_underWay.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Begins every removal that is due. None waits for another: each may take a while.</summary>
    private async Task BeginAllAsync(CancellationToken cancellationToken)
    {
        var silentSince = clock.GetUtcNow().UtcDateTime - options.Value.HostSilentAfter;
        var ended = await retry.ReadAsync(
            (db, token) => db.Jobs.Where(j => j.DestroyPending && j.Finished != null)
                // Those of a host that is gone too, where no instance is needed to reach them.
                .Where(j => j.ControllerNode == host.Hostname
                    || (j.ExecutionNode == "" && !db.HostProcesses.Any(h => h.Hostname == j.ControllerNode && h.LastSeen >= silentSince)))
                .Select(j => j.Id).ToListAsync(token),
            cancellationToken);
        _retries.KeepOnly(ended);
        foreach (var id in ended.Where(id => _retries.IsDue(id, clock.GetUtcNow())))
        {
            Begin(id, cancellationToken);
        }
    }

    /// <summary>Begins those of jobs that have ended here, and of what failed a while ago.</summary>
    private void BeginKnown(CancellationToken cancellationToken)
    {
        foreach (var id in _retries.Due(clock.GetUtcNow()))
        {
            Begin(id, cancellationToken);
        }

        while (_ended.TryDequeue(out var ended))
        {
            Begin(ended.JobId, cancellationToken, ended.Left);
        }
    }

    private void Begin(long jobId, CancellationToken cancellationToken, LeftEnvironment? left = null)
    {
        if (_underWay.ContainsKey(jobId))
        {
            return;
        }

        // Marked first: the removal may end before it is put here.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[jobId] = RunAsync(jobId, left, begin.Task, cancellationToken);
        begin.SetResult();
    }

    private async Task RunAsync(long jobId, LeftEnvironment? left, Task begin, CancellationToken cancellationToken)
    {
        await begin;
        try
        {
            await _width.WaitAsync(cancellationToken);
            try
            {
                if (left is null || !await TryDestroyAsync(jobId, left, cancellationToken))
                {
                    await DestroyAsync(jobId, cancellationToken);
                }
            }
            finally
            {
                _width.Release();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _retries.Failed(jobId, clock.GetUtcNow());
            LogRoundFailed(exception);
        }
        finally
        {
            _underWay.TryRemove(jobId, out _);
            if (_retries.HasFailed(jobId))
            {
                // When to look again depends on it.
                _look.Set();
            }
        }
    }

    /// <summary>By what its runner knew of it, which spares reading all of that again. A refusal decides nothing: the job may have run for
    /// long, and its credential be another one by now.</summary>
    private async Task<bool> TryDestroyAsync(long jobId, LeftEnvironment left, CancellationToken cancellationToken)
    {
        try
        {
            await left.Backend.DestroyAsync(left.Handle, left.Target, cancellationToken);
        }
        catch (BackendException)
        {
            return false;
        }

        await store.DestroyedAsync(jobId, left.Attempt, cancellationToken);
        _retries.Forget(jobId);
        return true;
    }

    private async Task DestroyAsync(long jobId, CancellationToken cancellationToken)
    {
        var job = await retry.ReadAsync(
            (db, token) => db.Jobs.AsNoTracking().Include(j => j.InstanceGroup)
                .SingleOrDefaultAsync(j => j.Id == jobId && j.DestroyPending && j.Finished != null, token),
            cancellationToken);
        if (job is null)
        {
            // It waits its turn again, or is gone.
            _retries.Forget(jobId);
            return;
        }

        try
        {
            if (job.InstanceGroup is not null)
            {
                var (backend, target) = await targets.ResolveAsync(
                    job.InstanceGroup, job.ExecutionNode, job.EnvironmentHandle is null ? "" : job.Backend, cancellationToken);
                var handle = JobJson.Handle(job.EnvironmentHandle) ?? await EnvironmentSearch.FindAsync(backend, target, job, cancellationToken);
                if (handle is not null)
                {
                    await backend.DestroyAsync(handle, target, cancellationToken);
                }
            }

            await store.DestroyedAsync(job.Id, job.Attempt, cancellationToken);
            _retries.Forget(jobId);
        }
        catch (BackendException exception)
        {
            _retries.Failed(jobId, clock.GetUtcNow());
            LogNotDestroyed(job.Id, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Removing the environments of ended jobs failed; it is repeated")]
    private partial void LogRoundFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The environment of job {JobId} is not removed yet: {Message}")]
    private partial void LogNotDestroyed(long jobId, string message);
}

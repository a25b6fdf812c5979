using System.Collections.Concurrent;
using ContainerGroups.Host.Jobs;

namespace ContainerGroups.Host.Dispatch;

/// <summary>A job that a runner of this process has in its hands.</summary>
internal sealed class RunningJob(JobClaim claim, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _letGo = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public JobClaim Claim { get; } = claim;

    /// <summary>Set when a user wants the job to end.</summary>
    public CancellationToken CancelRequested => _cancel.Token;

    /// <summary>Set when the runner has to let the job go, which lives on: the host stops, or a newer claim is here.</summary>
    public CancellationToken LetGo => _letGo.Token;

    /// <summary>Ends once the runner is done with it.</summary>
    public Task Done { get; set; } = Task.CompletedTask;

    public void Cancel() => _cancel.Cancel();

    public void Release() => _letGo.Cancel();

    public void Dispose()
    {
        _cancel.Dispose();
        _letGo.Dispose();
    }
}

/// <summary>The runners of this process.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<long, RunningJob> _jobs = new();
    private readonly Lock _lock = new();

    public int Count => _jobs.Count;

    public IReadOnlyCollection<RunningJob> All => [.. _jobs.Values];

    public bool Has(long jobId) => _jobs.ContainsKey(jobId);

    /// <summary>Takes a job in hand.</summary>
    /// <returns>The runner that has it already, told to let go; null when there is none.</returns>
    public RunningJob? Put(RunningJob job)
    {
        lock (_lock)
        {
            _jobs.TryGetValue(job.Claim.JobId, out var former);
            _jobs[job.Claim.JobId] = job;
            former?.Release();
            return former;
        }
    }

    public void Remove(RunningJob job)
    {
        lock (_lock)
        {
            _jobs.TryRemove(new KeyValuePair<long, RunningJob>(job.Claim.JobId, job));
            job.Dispose();
        }
    }

    /// <summary>Passes a user's wish on; nothing when the job is not here.</summary>
    public void Cancel(long jobId)
    {
        lock (_lock)
        {
            if (_jobs.TryGetValue(jobId, out var job))
            {
                job.Cancel();
            }
        }
    }
}

using ContainerGroups.Abstractions;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Removes environments that nobody owns. It starts from what exists, so the environments of deleted job rows go too: listed by
/// the backend, less the current attempt of every unfinished job, less what is younger than the grace.
/// </summary>
internal sealed partial class EnvironmentSweeper(
    DatabaseRetry retry,
    GroupTargets targets,
    PluginCatalog plugins,
    HostIdentity host,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<EnvironmentSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first sweep comes a whole period after the start: the reconciler has long taken everything in hand by then.
        using var timer = new PeriodicTimer(options.Value.SweepPeriod, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TrySweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>A store that can't be asked now is no reason to end the server, as an exception out of here would.</summary>
    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepFailed("(all)", exception.Message);
        }
    }

    /// <summary>One sweep over every group that this host can reach.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var group in await GroupsAsync(cancellationToken))
        {
            try
            {
                await SweepAsync(group, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogSweepFailed(group.Name, exception.Message);
            }
        }
    }

    private Task<List<InstanceGroup>> GroupsAsync(CancellationToken cancellationToken) =>
        retry.ReadAsync((db, token) => db.InstanceGroups.AsNoTracking().OrderBy(g => g.Id).ToListAsync(token), cancellationToken);

    private async Task SweepAsync(InstanceGroup group, CancellationToken cancellationToken)
    {
        if (!plugins.TryGetBackend(group.EffectiveBackend, out _))
        {
            return;
        }

        var (backend, target) = await targets.ResolveAsync(group, host.Hostname, "", cancellationToken);
        var oldEnough = clock.GetUtcNow() - options.Value.SweepGrace;
        await foreach (var batch in backend.ListEnvironmentsAsync(target, cancellationToken).Where(e => e.CreatedAt <= oldEnough).Chunk(200)
            .WithCancellation(cancellationToken))
        {
            var ids = batch.Select(e => e.JobId).Distinct().ToList();
            var owned = await retry.ReadAsync(
                (db, token) => db.Jobs.Where(JobStateMachine.IsUnfinished).Where(j => ids.Contains(j.Id))
                    .Select(j => new { j.Id, j.Attempt }).ToDictionaryAsync(j => j.Id, j => j.Attempt, token),
                cancellationToken);
            foreach (var environment in batch.Where(e => !owned.TryGetValue(e.JobId, out var attempt) || attempt != e.Attempt))
            {
                await DestroyAsync(backend, target, environment, cancellationToken);
            }
        }
    }

    /// <summary>One that can't be removed must not keep the others: the next sweep finds it again.</summary>
    private async Task DestroyAsync(
        IExecutionBackend backend, BackendTarget target, EnvironmentListing environment, CancellationToken cancellationToken)
    {
        try
        {
            await backend.DestroyAsync(environment.Handle, target, cancellationToken);
            LogSwept(environment.Handle.Name, environment.JobId, environment.Attempt);
        }
        catch (BackendException exception)
        {
            LogNotSwept(environment.Handle.Name, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Environment {Name} (job {JobId}, attempt {Attempt}) belonged to no unfinished job and is removed")]
    private partial void LogSwept(string name, long jobId, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "Group {Group} could not be swept: {Message}")]
    private partial void LogSweepFailed(string group, string message);

    [LoggerMessage(3, LogLevel.Warning, "Environment {Name} belongs to no unfinished job and could not be removed: {Message}")]
    private partial void LogNotSwept(string name, string message);
}

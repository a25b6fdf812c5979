using System.Collections.Concurrent;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Runs this host's share of the project updates, woken whenever one is asked for, ends, or is to be canceled.</summary>
internal sealed partial class ProjectUpdater(
    ProjectUpdateStore store, ProjectUpdateRun run, ProjectCacheSweep sweep, WakeUps wakeUps, ProjectsOptions options, TimeProvider clock,
    ILogger<ProjectUpdater> logger) : BackgroundService
{
    /// <summary>The net below wake-ups that got lost, and how soon a silent host's updates are taken over.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>How often what projects left that are gone is looked for.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, (Task Task, CancellationTokenSource Cancel)> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var calls = wakeUps.Subscribe(WakeUpNames.ProjectUpdates);
        try
        {
            var swept = clock.GetTimestamp();
            await sweep.RunAsync(isStart: true, stoppingToken);
            while (true)
            {
                await TryPassAsync(stoppingToken);
                if (clock.GetElapsedTime(swept) >= SweepPeriod)
                {
                    swept = clock.GetTimestamp();
                    await sweep.RunAsync(isStart: false, stoppingToken);
                }

                await calls.WaitAsync(Period, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What runs is left as it is: whoever starts next does it again.
            await Task.WhenAll(_running.Values.Select(r => r.Task));
        }
    }

    private async Task TryPassAsync(CancellationToken stopping)
    {
        try
        {
            await PassAsync(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogPassFailed(e);
        }
    }

    private async Task PassAsync(CancellationToken stopping)
    {
        await store.TakeBackAsync([.. _running.Keys], stopping);
        foreach (var id in await store.ToCancelAsync([.. _running.Keys], stopping))
        {
            if (_running.TryGetValue(id, out var canceled))
            {
                await canceled.Cancel.CancelAsync();
            }
        }

        while (_running.Count < options.MaxConcurrentUpdates && await store.ClaimAsync(stopping) is { } claim)
        {
            var cancel = new CancellationTokenSource();
            var started = new TaskCompletionSource();
            _running[claim.UpdateId] = (RunAsync(claim, started.Task, cancel.Token, stopping), cancel);
            started.SetResult();
        }
    }

    private async Task RunAsync(ProjectUpdateClaim claim, Task started, CancellationToken canceled, CancellationToken stopping)
    {
        await started;
        try
        {
            await RunAsync(claim, canceled, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (ClaimLostException)
        {
            LogLost(claim.UpdateId);
        }
        catch (Exception e)
        {
            // The row stays running and is taken back in the next pass, after which it is tried again.
            LogFailed(claim.UpdateId, e);
        }
        finally
        {
            // Not disposed: a pass may just be canceling it, and it holds nothing.
            _running.TryRemove(claim.UpdateId, out _);
        }

        wakeUps.Pulse(WakeUpNames.ProjectUpdates, claim.UpdateId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        wakeUps.Pulse(WakeUpNames.Dispatch);
    }

    private async Task RunAsync(ProjectUpdateClaim claim, CancellationToken canceled, CancellationToken stopping)
    {
        if (await store.FindAsync(claim, stopping) is not { } update)
        {
            return;
        }

        ProjectUpdateEnd end;
        try
        {
            end = await run.RunAsync(update, canceled, stopping);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ClaimLostException))
        {
            LogFailed(claim.UpdateId, e);
            end = ProjectUpdateEnd.Error("The update ended by a fault of the server, which its log tells.");
        }

        await store.FinishAsync(claim, end, stopping);
    }

    [LoggerMessage(1, LogLevel.Error, "Project updates can't be looked at; tried again in a while")]
    private partial void LogPassFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Project update {UpdateId} has another host now")]
    private partial void LogLost(long updateId);

    [LoggerMessage(3, LogLevel.Error, "Project update {UpdateId} failed unexpectedly")]
    private partial void LogFailed(long updateId, Exception exception);
}

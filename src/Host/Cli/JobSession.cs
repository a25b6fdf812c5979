using System.Runtime.InteropServices;
using System.Text.Json;

namespace ContainerGroups.Host.Cli;

/// <summary>A launched job and the terminal it is watched from: output, state, the wish to cancel, the end.</summary>
internal sealed class JobSession(ServerLink link, Terminal terminal, JsonElement launched)
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private readonly long _id = JobView.Id(launched);
    private readonly CancellationTokenSource _leave = new();
    private int _interrupts;
    private Task _canceling = Task.CompletedTask;

    /// <summary>Watches until the end; the job's own end is the command's.</summary>
    public async Task<int> WatchAsync(CancellationToken cancellationToken)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnInterrupt);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangup);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(_leave.Token, cancellationToken);
        var follower = new OutputFollower(link, terminal, _id, JobView.IsCommand(launched));
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(leaving.Token);
        var states = ShowStatesAsync(follower, watching.Token);
        try
        {
            var job = await follower.FollowAsync(leaving.Token);
            await watching.CancelAsync();
            await states;
            await _canceling;
            foreach (var pattern in follower.UnmatchedPatterns)
            {
                await terminal.SayAsync($"containergroups: no host of the inventory matches the pattern {pattern}.");
            }

            await terminal.SayAsync(JobView.Result(job));
            return JobView.ExitCode(job);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            await states;
            await _canceling;
            await terminal.SayAsync(Reattach(_id, link.Settings));
            return ExitCodes.LeftRunning;
        }
        finally
        {
            await watching.CancelAsync();
        }
    }

    /// <summary>How to come back to a job that goes on without us.</summary>
    public static string Reattach(long id, ConnectionSettings settings) =>
        $"job {id} goes on; watch it again with: containergroups attach {id} {settings.AsArguments}";

    /// <summary>The first asks for the end of the job, the second for ours.</summary>
    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _interrupts) == 1)
        {
            _canceling = CancelJobAsync();
        }
        else
        {
            _leave.Cancel();
        }
    }

    private void OnHangup(PosixSignalContext context)
    {
        context.Cancel = true;
        _leave.Cancel();
    }

    private async Task CancelJobAsync()
    {
        try
        {
            await terminal.SayAsync($"job {_id}: canceling; interrupt again to leave it running");
            await link.Api.PostAsync($"/api/v2/jobs/{_id}/cancel/", [], _leave.Token);
        }
        catch (ApiRefusedException)
        {
            // It ended before the wish arrived; the follower is about to say how.
        }
        catch (Exception e) when (e is CliException or ServerUnreachableException or OperationCanceledException or InvalidOperationException)
        {
            await terminal.SayAsync($"job {_id} could not be canceled: {e.Message}");
        }
    }

    /// <summary>States are worth a look until the job speaks for itself; the API has no event for them yet.</summary>
    private async Task ShowStatesAsync(OutputFollower follower, CancellationToken cancellationToken)
    {
        var look = ShortestLook;
        try
        {
            while (!follower.HasOutput)
            {
                var job = await link.Api.GetAsync($"/api/v2/jobs/{_id}/", cancellationToken);
                if (JobView.IsFinished(job))
                {
                    return;
                }

                var phases = await link.Api.GetAsync($"/api/v2/jobs/{_id}/phases/", cancellationToken);
                if (!follower.HasOutput)
                {
                    await terminal.StatusAsync(JobView.Progress(job, phases));
                }

                await Task.Delay(look, cancellationToken);
                look = look * 1.5 < LongestLook ? look * 1.5 : LongestLook;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ServerUnreachableException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The follower meets the same trouble and deals with it.
        }
    }
}

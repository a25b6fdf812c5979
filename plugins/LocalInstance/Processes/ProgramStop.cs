using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Files;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Ends what runs in an environment.</summary>
internal sealed class ProgramStop(EnvironmentWatch watch, TimeProvider clock)
{
    /// <summary>How often the process table is read while something dies whose death nobody tells.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a dead program's supervisor may take for the exit record; on a full disk it may take for ever.</summary>
    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a killed process may take to go, before it is taken to be stuck in the kernel.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(20);

    private RunDirectory Directory => watch.Directory;

    /// <summary>Ends the program, politely first; sees to it that one that was not started never is.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        if (await StartOrForbidAsync(cancellationToken) is not { Program: not null, Supervisor: { } supervisor } start)
        {
            return;
        }

        Directory.MarkStopping();
        if (!await EndAsync(start, ProcessSignal.Terminate, grace, cancellationToken)
            && !await EndAsync(start, ProcessSignal.Kill, KillPatience, cancellationToken))
        {
            throw new BackendException(
                BackendFailureReason.Unknown,
                $"A process of the environment {Directory.Name} could not be killed; look for one stuck in the kernel (state D).",
                isTransient: true);
        }

        await AwaitRecordAsync(supervisor, cancellationToken);
    }

    /// <summary>Kills the program, its supervisor and everything they started.</summary>
    public async Task KillEverythingAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists)
        {
            return;
        }

        var start = await StartOrForbidAsync(cancellationToken);
        var until = clock.GetTimestamp() + (long)(KillPatience.TotalSeconds * clock.TimestampFrequency);
        while (ProcessTable.Find(Directory.Path, start, withSupervisor: true) is { Count: > 0 } alive && clock.GetTimestamp() < until)
        {
            foreach (var process in alive)
            {
                ProcessSignal.Send(process, ProcessSignal.Kill);
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }

    private async Task<StartRecord?> StartOrForbidAsync(CancellationToken cancellationToken) => await Task.Run(
        () =>
        {
            try
            {
                return Directory.Exists && !Directory.TryForbidStart() ? Directory.ReadStart() : null;
            }
            catch (DirectoryNotFoundException)
            {
                // Removed meanwhile.
                return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw FileFailure.ToBackendException(exception, $"The start of the program in {Directory.Path} can't be forbidden");
            }
        },
        cancellationToken);

    /// <summary>Signals what runs of the program, and waits for its end; false when it still runs after that time.</summary>
    private async Task<bool> EndAsync(StartRecord start, int signal, TimeSpan patience, CancellationToken cancellationToken)
    {
        HashSet<ProcessIdentity> signaled = [];
        HashSet<ProcessIdentity> alive = [];
        var began = clock.GetTimestamp();
        using var changes = watch.Subscribe();
        for (var pause = Glance; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            var change = changes.Next();
            if (Directory.ReadExit() is not null)
            {
                // The supervisor writes it when nothing is left.
                return true;
            }

            alive.RemoveWhere(process => !ProcessTable.IsAlive(process));
            if (alive.Count == 0 || signal == ProcessSignal.Kill)
            {
                // What was known is gone; what it started meanwhile is not. A process that cleared its variables is known from
                // the time when its group's leader still lived.
                alive.UnionWith(await Task.Run(() => ProcessTable.Find(Directory.Path, start, withSupervisor: false), cancellationToken));
            }

            if (alive.Count == 0)
            {
                return true;
            }

            foreach (var process in alive.Where(signaled.Add))
            {
                ProcessSignal.Send(process, signal);
            }

            var left = patience - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            // At least a glance long, so that a program that prints while it ends is not looked at for every line.
            await Task.Delay(Glance, clock, cancellationToken);
            await change.WaitAsync(left < pause ? left : pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task AwaitRecordAsync(ProcessIdentity supervisor, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var changes = watch.Subscribe();
        while (clock.GetElapsedTime(began) < RecordPatience)
        {
            var change = changes.Next();
            if (Directory.ReadExit() is not null || !ProcessTable.IsAlive(supervisor))
            {
                return;
            }

            await change.WaitAsync(Glance * 10, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

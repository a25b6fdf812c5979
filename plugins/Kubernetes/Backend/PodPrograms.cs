using System.Globalization;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Diagnosis;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Asks for, and ends, the program in a pod.</summary>
internal sealed class PodPrograms(PodPlace place)
{
    /// <summary>What has become of the environment.</summary>
    /// <exception cref="BackendException">It can't be told now.</exception>
    public async Task<EnvironmentState> FindStateAsync(CancellationToken cancellationToken)
    {
        Pod? pod;
        try
        {
            pod = await place.SeeAsync(cancellationToken);
        }
        catch (ApiException exception)
        {
            throw exception.ToBackendException($"look at {place.Name}");
        }

        if (pod is null || PodFailures.EndOf(pod, place.Pod.Container) is not null)
        {
            return EnvironmentState.Lost;
        }

        if (pod.StatusOf(place.Pod.Container)?.State.Running is null)
        {
            return EnvironmentState.NotStarted;
        }

        var answer = await RunAsync("look at the job", PodCommands.State, cancellationToken);
        return answer is null ? EnvironmentState.Lost : answer.Output.Trim() switch
        {
            "not_started" => EnvironmentState.NotStarted,
            "running" => EnvironmentState.Running,
            "exited" => EnvironmentState.Exited,
            "lost" => EnvironmentState.Lost,
            _ => throw Unexpected("look at the job", answer),
        };
    }

    /// <summary>Ends the program; returns when nothing of it runs.</summary>
    /// <exception cref="BackendException">It may still run.</exception>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        ExecAnswer? answer;
        try
        {
            answer = await RunAsync("stop the job", PodCommands.Stop(grace), cancellationToken);
        }
        catch (BackendException)
        {
            if (await TryDeleteUnstartedAsync(cancellationToken))
            {
                return;
            }

            throw;
        }

        if (answer is { ExitCode: not 0 })
        {
            throw Unexpected("stop the job", answer);
        }
    }

    /// <summary>In a pod whose worker does not run yet nothing can be forbidden; so that nothing ever starts in it, it goes.</summary>
    private async Task<bool> TryDeleteUnstartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pod = await place.FindAsync(cancellationToken);
            if (pod?.StatusOf(place.Pod.Container)?.State is { Running: not null } or { Terminated: not null })
            {
                return false;
            }

            await place.Api.DeletePodAsync(place.Pod.Namespace, place.Pod.Name, place.Pod.Uid, grace: null, cancellationToken);
            return true;
        }
        catch (ApiException exception)
        {
            throw exception.ToBackendException($"delete {place.Name}");
        }
    }

    /// <returns>Null when there is no pod any more in which anything could run.</returns>
    private async Task<ExecAnswer?> RunAsync(string doing, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await place.ExecAsync(command, stdin: false, cancellationToken);
            return await PodExecs.ReadAllAsync(session, cancellationToken);
        }
        catch (Exception exception) when (exception is ApiException or IOException)
        {
            var failure = await PodFailures.ExplainAsync(place, doing, exception, cancellationToken);
            return failure.Reason is BackendFailureReason.EnvironmentLost or BackendFailureReason.Evicted ? null : throw failure;
        }
    }

    private BackendException Unexpected(string doing, ExecAnswer answer) => new(
        BackendFailureReason.Unknown,
        $"Could not {doing} in {place.Name}: "
        + Sentences.End(answer.Error.Length > 0 ? answer.Error : string.Create(CultureInfo.InvariantCulture, $"the command ended with code {answer.ExitCode}")),
        isTransient: true);
}

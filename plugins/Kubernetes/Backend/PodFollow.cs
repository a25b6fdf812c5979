using System.Globalization;
using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>
/// Follows a job's output and end over as many connections as it takes. Each connection begins at an absolute byte; what one has not
/// brought the next one does. The end is the exit record's, never a connection's.
/// </summary>
internal sealed class PodFollow(PodPlace place, PodRun run, TimeProvider clock)
{
    /// <summary>Connections in a row that bring nothing, before the caller has to decide.</summary>
    private const int MostTries = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two looks whether the program has been started.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = offset;
        var tries = 0;
        while (!IsComplete(position))
        {
            var before = position;
            await using var connection = run.Take(position) ?? await FollowConnection.OpenAsync(place, position, clock, cancellationToken);
            while (await connection.NextAsync(position, cancellationToken) is { } piece)
            {
                position += piece.Length;
                yield return piece;
            }

            run.HasRead(position);
            tries = position > before ? 0 : tries + 1;
            await SettleAsync(connection, tries, cancellationToken);
            if (run.End is { } end && tries > MostTries)
            {
                throw Missing(end, position);
            }
        }
    }

    /// <exception cref="BackendException">How the program ended can't be known any more, or it never became a program.</exception>
    public async Task<JobExit> WaitAsync(CancellationToken cancellationToken)
    {
        var tries = 0;
        while (run.End is null)
        {
            var began = clock.GetTimestamp();
            await using var connection = await FollowConnection.OpenAsync(place, null, clock, cancellationToken);
            while (await connection.NextAsync(long.MaxValue, cancellationToken) is not null)
            {
                // It was asked for nothing but the end.
            }

            tries = clock.GetElapsedTime(began) > FollowConnection.Silence ? 0 : tries + 1;
            await SettleAsync(connection, tries, cancellationToken);
        }

        return run.End.ToJobExit();
    }

    private bool IsComplete(long position)
    {
        if (run.End is not { } end || position < end.OutputLength)
        {
            return false;
        }

        return position == end.OutputLength ? true : throw Missing(end, position);
    }

    private BackendException Missing(ProgramEnd end, long position) => new(
        BackendFailureReason.EnvironmentLost,
        string.Create(CultureInfo.InvariantCulture, $"The program in {place.Name} wrote {end.OutputLength} bytes, but byte {position} can't be read there."));

    /// <summary>Draws the conclusion from a connection that has nothing more to give.</summary>
    private async Task SettleAsync(FollowConnection connection, int tries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (connection.Report.State)
        {
            case EnvironmentState.Exited:
                run.Ended(ProgramEnd.Of(connection.Report));
                return;
            case EnvironmentState.Lost:
                throw await PodFailures.ExplainAsync(
                    place,
                    new BackendException(
                        BackendFailureReason.EnvironmentLost,
                        $"The supervisor in {place.Name} was killed, for lack of memory perhaps, so nobody knows how the program ended."),
                    cancellationToken);
            case EnvironmentState.NotStarted:
                await Task.Delay(StartPause, clock, cancellationToken);
                return;
        }

        if (connection.WasOpened && tries < MostTries)
        {
            // Broken on the way, most likely. Where it is the pod that has ended, another connection is refused.
            await Task.Delay(Pause * (1 << tries), clock, cancellationToken);
            return;
        }

        if (connection is { WasOpened: false, Fault: ApiException { StatusCode: null } away })
        {
            // Nobody answers: the pod can't be asked either.
            throw away.ToBackendException($"follow the job in {place.Name}");
        }

        var failure = await PodFailures.ExplainAsync(place, "follow the job", connection.Fault, cancellationToken);
        if (failure.Reason != BackendFailureReason.EnvironmentLost || !await WasOutOfMemoryAsync(cancellationToken))
        {
            throw failure;
        }

        run.Ended(ProgramEnd.OutOfMemory(run.BytesRead));
    }

    /// <summary>Where a memory limit ends the whole container, the pod is all that tells of it.</summary>
    private async Task<bool> WasOutOfMemoryAsync(CancellationToken cancellationToken) =>
        (await place.FindAsync(cancellationToken))?.StatusOf(place.Pod.Container)?.State.Terminated?.Reason == "OOMKilled";
}

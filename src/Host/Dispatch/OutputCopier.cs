using ContainerGroups.Abstractions;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Output;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Copies what a program prints into the store until it has ended. Where it stopped before, it goes on: the offsets say, and the end is
/// known from the exit record, never from the end of a stream.
/// </summary>
internal sealed class OutputCopier(PersistentCalls calls)
{
    /// <summary>Tries to get the rest of an ended program's output before it is taken as lost.</summary>
    private const int MostTries = 5;

    /// <exception cref="BackendException">The environment is lost, or the job's time limit has passed while nobody could reach it.</exception>
    public async Task<JobExit> CopyAsync(JobStep step, JobOutput output, CancellationToken giveUp)
    {
        for (var tries = 0; ; tries++)
        {
            var before = output.AppendedOffset;
            await calls.RunAsync(step, token => ReadAsync(step, output, token), giveUp);
            var exit = await calls.RunAsync(step, token => step.Backend.WaitForExitAsync(step.Handle!, step.Target, token), giveUp);
            step.Claim.Timeline.Mark(JobPhaseNames.Exited, $"exit code {exit.ExitCode}");
            if (output.AppendedOffset >= exit.OutputLength)
            {
                await output.CompleteAsync(step.Stopping);
                step.Claim.Timeline.Mark(JobPhaseNames.OutputComplete, $"{exit.OutputLength} bytes");
                return exit;
            }

            tries = output.AppendedOffset > before ? 0 : tries;
            if (tries == MostTries)
            {
                throw new BackendException(
                    BackendFailureReason.EnvironmentLost,
                    $"The program wrote {exit.OutputLength} bytes but only {output.AppendedOffset} can be read any more.");
            }
        }
    }

    private static async Task<bool> ReadAsync(JobStep step, JobOutput output, CancellationToken cancellationToken)
    {
        var blocks = step.Backend.ReadOutputAsync(step.Handle!, step.Target, output.AppendedOffset, cancellationToken);
        await foreach (var block in blocks.WithCancellation(cancellationToken))
        {
            if (output.AppendedOffset == 0)
            {
                step.Claim.Timeline.Mark(JobPhaseNames.FirstByte);
            }

            await output.AppendAsync(block, cancellationToken);
        }

        return true;
    }
}

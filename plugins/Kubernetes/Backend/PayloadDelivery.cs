using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Diagnosis;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Brings a job's files into its pod and starts the supervisor there, by one exec. Everything secret goes through its standard input.</summary>
internal sealed class PayloadDelivery(PodPlace place, PodRun run, TimeProvider clock)
{
    /// <summary>A connection may break in the midst of a large payload; nothing has been started then, and it is sent again from its beginning.</summary>
    private const int MostTries = 3;

    private const int BlockSize = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] SupervisorScript = Encoding.UTF8.GetBytes(Supervisor.Script);

    /// <exception cref="BackendException">The program was not started, or that is not known.</exception>
    public async Task RunAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var program = ProgramScript.Build(request.Command, request.Environment);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryAsync(request, program, cancellationToken);
                request.Progress?.Report(new EnvironmentProgress
                {
                    Phase = EnvironmentPhases.PayloadDelivered,
                    Detail = string.Create(CultureInfo.InvariantCulture, $"{request.Payload.Length} bytes"),
                });
                return;
            }
            catch (Exception exception) when (exception is ApiException or IOException)
            {
                var failure = await PodFailures.ExplainAsync(place, "start the job", exception, cancellationToken);
                if (!failure.IsTransient || tries == MostTries)
                {
                    throw failure;
                }
            }

            await Task.Delay(Pause * tries, clock, cancellationToken);
        }
    }

    private async Task TryAsync(StartRequest request, byte[] program, CancellationToken cancellationToken)
    {
        var session = await place.ExecAsync(PodCommands.Deliver(request.Timeout, request.Grace, FollowConnection.Beat), stdin: true, cancellationToken);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sending = SendAsync(session, request.Payload, program, stop.Token);
            var answering = DeliveryAnswer.ReadAsync(session, cancellationToken);
            try
            {
                if (await Task.WhenAny(sending, answering) == sending)
                {
                    // A payload that can't be read is nothing that an answer will come to.
                    await sending;
                }

                Check((await answering).Line, request.Command[0]);
            }
            finally
            {
                // An answer may come before everything was sent: the files are not wanted then.
                await stop.CancelAsync();
                await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var answer = await answering;
            if (sending.IsCompletedSuccessfully)
            {
                run.Keep(FollowConnection.Of(session, answer.Output, answer.Report, clock), clock);
                session = null;
            }
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }
    }

    private async Task SendAsync(ExecSession session, IPayload payload, byte[] program, CancellationToken cancellationToken)
    {
        var scripts = Convert.ToHexStringLower(SHA256.HashData([.. SupervisorScript, .. program]));
        var header = string.Create(
            CultureInfo.InvariantCulture, $"{SupervisorScript.Length} {program.Length} {payload.Length} {payload.Sha256} {scripts}\n");
        await session.WriteAsync(Encoding.ASCII.GetBytes(header), cancellationToken);
        await session.WriteAsync(SupervisorScript, cancellationToken);
        await session.WriteAsync(program, cancellationToken);
        await using var stream = await payload.OpenAsync(cancellationToken);
        var left = payload.Length;
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                left -= count;
                await session.WriteAsync(block.AsMemory(0, count), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
        }

        // The input stays open: its end is how the other side learns that nobody listens any more.
        if (left != 0)
        {
            throw new BackendException(
                BackendFailureReason.Unknown,
                string.Create(CultureInfo.InvariantCulture, $"The job's files were announced with {payload.Length} bytes and have {payload.Length - left}. Nothing was started."),
                isTransient: true);
        }
    }

    /// <exception cref="IOException">What came was not whole.</exception>
    /// <exception cref="BackendException">The program was not started.</exception>
    private static void Check(string line, string program)
    {
        var (word, words) = line.Split(' ', 2) is [var first, var rest] ? (first, rest) : (line, "");
        if (word == "broken")
        {
            throw new IOException($"The files of the job did not arrive whole: {Sentences.End(words)}");
        }

        if (word == "unwritable")
        {
            throw new BackendException(
                BackendFailureReason.UnsuitableImage,
                $"The worker can't write to {PodCommands.Directory}: {Sentences.End(words)} Leave the volume named runner in the group's pod_spec_override as it is, "
                + "or let securityContext allow writing there.");
        }

        if (SupervisorAnswer.ToFailure(line, program) is { } failure)
        {
            throw failure;
        }
    }
}

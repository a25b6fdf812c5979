using System.ComponentModel;
using System.Diagnostics;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Files;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Delivers a job's files and starts its supervisor. Each step leaves a file, so that a repetition goes on where the last one
/// was killed: <c>work</c> says that delivery is complete, <c>start</c> that the program runs.</summary>
internal sealed class ProgramStart(UserAccount? user)
{
    public async Task RunAsync(RunDirectory directory, StartRequest request, CancellationToken cancellationToken)
    {
        if (!directory.Exists)
        {
            throw new BackendException(BackendFailureReason.EnvironmentLost, $"The environment {directory.Name} is gone; it was removed from outside.");
        }

        if (directory.ReadStart() is not null)
        {
            return;
        }

        if (!Directory.Exists(directory.Work))
        {
            await new PayloadDelivery(directory, user).DeliverAsync(request, cancellationToken);
        }

        request.Progress?.Report(new EnvironmentProgress { Phase = EnvironmentPhases.PayloadDelivered });
        await LaunchAsync(directory, request, cancellationToken);
    }

    private async Task LaunchAsync(RunDirectory directory, StartRequest request, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(directory, request) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new BackendException(
                BackendFailureReason.UnsuitableImage,
                $"The supervisor can't be started ({exception.Message}); this machine needs sh and setsid (util-linux).",
                innerException: exception);
        }

        process.StandardInput.Close();
        // It answers with one line and lives on; whoever is gone by then changes nothing.
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (directory.ReadStart() is null)
        {
            // Without an answer it was the shell or a tool before it that failed, in its own words.
            line ??= $"failed {(await process.StandardError.ReadToEndAsync(cancellationToken)).Split('\n')[0]}";
            if (SupervisorAnswer.ToFailure(line, request.Command[0]) is { } failure)
            {
                throw failure;
            }
        }
    }

    private ProcessStartInfo Describe(RunDirectory directory, StartRequest request)
    {
        var variables = new Dictionary<string, string>(ProgramEnvironment.For(user), StringComparer.Ordinal)
        {
            [Supervisor.SupervisorMarkerVariable] = directory.Path + "/",
        };
        return CleanProcess.Describe(
            Supervisor.RunCommand(directory.Path, request.Timeout, request.Grace, user?.Name), variables, directory.Path);
    }
}

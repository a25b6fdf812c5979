using System.ComponentModel;
using System.Diagnostics;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Removes a run directory with whatever a program left in it. That is left to <c>rm</c>: names need not be UTF-8 and trees may
/// be deeper than a path is long, and .NET can name neither.</summary>
internal static class DirectoryRemoval
{
    public static async Task RemoveAsync(RunDirectory directory, CancellationToken cancellationToken)
    {
        try
        {
            if (directory.Exists)
            {
                await RemoveAllAsync(directory, cancellationToken);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was quicker.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw FileFailure.ToBackendException(exception, $"The directory {directory.Path} can't be removed");
        }
    }

    private static async Task RemoveAllAsync(RunDirectory directory, CancellationToken cancellationToken)
    {
        // The start record goes last: a removal that is broken off must not look like a program that was never started.
        var others = Directory.EnumerateFileSystemEntries(directory.Path).Where(path => Path.GetFileName(path) != Supervisor.StartFile);
        if (await RunAsync(["rm", "-rf", "--", .. others], cancellationToken) is null)
        {
            File.Delete(directory.File(Supervisor.StartFile));
        }
        else
        {
            // Only root can remove what lies in a directory that its owner has closed.
            await RunAsync(["chmod", "-R", "u+rwx", "--", directory.Path], cancellationToken);
        }

        if (TryRemoveEmpty(directory.Path))
        {
            return;
        }

        if (await RunAsync(["rm", "-rf", "--", directory.Path], cancellationToken) is { } error && directory.Exists)
        {
            throw new BackendException(
                BackendFailureReason.Unknown,
                $"The directory {directory.Path} can't be removed: {error} Remove what holds it.",
                isTransient: true);
        }
    }

    private static bool TryRemoveEmpty(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Runs a command; null on success, else what it said.</summary>
    private static async Task<string?> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardInput = true },
        };
        process.Start();
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? null : errors.Split('\n', 2)[0].Trim();
    }
}

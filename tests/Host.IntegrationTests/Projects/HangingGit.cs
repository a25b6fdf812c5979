using System.Globalization;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>A git whose fetches never end, and whose child outlives a kill of the parent alone.</summary>
internal sealed record HangingGit(string Command, string PidFile)
{
    public static async Task<HangingGit> MakeAsync(string directory)
    {
        var hanging = new HangingGit(Path.Combine(directory, "hanging-git"), Path.Combine(directory, "hanging.pid"));
        await File.WriteAllTextAsync(hanging.Command, $"""
            #!/bin/sh
            case " $* " in
            *" fetch "*) sleep 1000 & echo $! > '{hanging.PidFile}.new'; mv '{hanging.PidFile}.new' '{hanging.PidFile}'; wait ;;
            *) exec git "$@" ;;
            esac

            """);
        File.SetUnixFileMode(hanging.Command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return hanging;
    }

    public async Task IsGoneAsync()
    {
        var pid = int.Parse(await File.ReadAllTextAsync(PidFile), CultureInfo.InvariantCulture);
        await Eventually.BeAsync(() => !IsAlive(pid), "the child of git is gone");
        File.Delete(PidFile);
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            // A zombie whose parent is gone too waits for whoever reaps; it does nothing any more.
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}

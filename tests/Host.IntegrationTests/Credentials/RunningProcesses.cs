using System.Text;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>What everybody on this machine sees of the processes that run now: their arguments and variables.</summary>
internal static class RunningProcesses
{
    /// <param name="program">Says of a process's variables that they are those of a job's own program, which have to hold what its credentials
    /// put there; null where no process may.</param>
    public static (string Arguments, string Environments, string Programs) Look(Func<string, bool>? program = null)
    {
        var (arguments, others, programs) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0])))
        {
            arguments.Append(Read(process + "/cmdline")).Append('\n');
            var environment = Read(process + "/environ");
            (program?.Invoke(environment) == true ? programs : others).Append(environment).Append('\n');
        }

        return (arguments.ToString(), others.ToString(), programs.ToString());
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return "";
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Describes processes that inherit nothing of this one: no variables, no descriptors, no ignored signals.</summary>
internal static class CleanProcess
{
    /// <summary>.NET ignores SIGPIPE, and what is ignored stays so in every program started: <c>yes | head</c> would complain. The others
    /// may be ignored by who started the server (<c>nohup</c>).</summary>
    private const string DefaultSignals = "--default-signal=PIPE,INT,QUIT,HUP,TERM";

    private static readonly Lazy<bool> CanResetSignals = new(TryResetSignals);

    /// <summary>Describes a process. Its outputs are pipes.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables, string directory)
    {
        IReadOnlyList<string> all = CanResetSignals.Value ? ["env", DefaultSignals, .. command] : command;
        var description = new ProcessStartInfo(all[0], all.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        description.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            description.Environment[name] = value;
        }

        // What .NET opens is closed in its children; what the server was started with is not. An older kernel can't; then it stays so.
        _ = Libc.CloseOnExec(first: 3);
        return description;
    }

    private static bool TryResetSignals()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("env", [DefaultSignals, "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

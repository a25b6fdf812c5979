using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>The variables that every program gets: a few of the server's own, none that could hold its secrets.</summary>
internal static class ProgramEnvironment
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] Inherited = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

    public static IReadOnlyDictionary<string, string> For(UserAccount? user)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = DefaultPath, ["LANG"] = "C.UTF-8" };
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                variables[name] = value;
            }
        }

        if (user is not null)
        {
            variables["HOME"] = user.Home;
            variables["USER"] = user.Name;
            variables["LOGNAME"] = user.Name;
            variables["SHELL"] = user.Shell;
            // The server's own may be closed to the user.
            variables.Remove("TMPDIR");
        }

        return variables;
    }
}

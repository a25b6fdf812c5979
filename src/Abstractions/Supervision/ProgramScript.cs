using System.Buffers;
using System.Text;

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>
/// Writes the script that becomes a job's program: it sets the variables and executes the command. Everything in it may be secret;
/// it is a file so that nothing of it is ever an argument of any process but the program's own.
/// </summary>
public static class ProgramScript
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Variables that some shell keeps to itself: setting them fails there, or is undone.</summary>
    private static readonly HashSet<string> ShellOwned = new(StringComparer.Ordinal)
    {
        "_", "BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0", "BASH_CMDS", "BASH_COMMAND", "BASH_LINENO",
        "BASH_MONOSECONDS", "BASH_SOURCE", "BASH_SUBSHELL", "BASH_TRAPSIG", "BASH_VERSINFO", "COMP_WORDBREAKS", "DIRSTACK", "EPOCHREALTIME",
        "EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS", "HISTCMD", "LINENO", "OPTIND", "PPID", "PWD", "OLDPWD", "RANDOM", "SECONDS",
        "SHELLOPTS", "SHLVL", "SRANDOM", "UID",
        Supervisor.MarkerVariable, Supervisor.SupervisorMarkerVariable,
    };

    /// <summary>Makes the script, in UTF-8.</summary>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.InvalidSettings"/> when the command or a variable can't be
    /// given to a program. The message names the variable, never a value.</exception>
    public static byte[] Build(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        if (command.Count == 0 || command[0].Length == 0)
        {
            throw Invalid("The command is empty; give at least the program's name.");
        }

        if (command[0][0] == '-')
        {
            throw Invalid("The program's name can't begin with a hyphen; give its path.");
        }

        var script = new StringBuilder();
        script.Append("[ -z \"${BASH_VERSION-}\" ] || shopt -s execfail\n");
        // A shell that complains about a variable (a locale it does not have) must not do so in the job's output.
        script.Append("exec 3>&2 2>/dev/null\n");
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            CheckName(name);
            script.Append("export ").Append(name).Append('=').Append(Quote(value, $"the variable {name}")).Append('\n');
        }

        var program = Quote(command[0], "the program's name");
        var found = command[0].Contains('/') ? $"[ -f {program} ] && [ -x {program} ]" : $"command -v {program} >/dev/null";
        script.Append("if [ \"$1\" = check ]; then ").Append(found).Append("; exit; fi\n");
        // When `exec` fails some shells run the trap, others go on.
        script.Append("failed() { code=$?; : >.containergroups-exec-failed; exit \"$code\"; }\n");
        script.Append("trap failed EXIT\n");
        script.Append("exec");
        for (var index = 0; index < command.Count; index++)
        {
            script.Append(' ').Append(Quote(command[index], $"argument {index} of the command"));
        }

        script.Append(" 2>&3 3>&-\nexit \"$?\"\n");
        return Utf8.GetBytes(script.ToString());
    }

    private static string Quote(string text, string what)
    {
        if (text.Contains('\0'))
        {
            throw Invalid($"A NUL character is in {what}; no program can be given one.");
        }

        try
        {
            Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw Invalid($"Half a surrogate pair is in {what}; it can't be written as UTF-8.");
        }

        return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw Invalid($"'{name}' can't name a variable; use letters, digits and underscores, not beginning with a digit.");
        }

        if (ShellOwned.Contains(name))
        {
            throw Invalid($"The variable {name} can't be given to a job; the shell sets it by itself.");
        }
    }

    private static BackendException Invalid(string message) => new(BackendFailureReason.InvalidSettings, message);
}

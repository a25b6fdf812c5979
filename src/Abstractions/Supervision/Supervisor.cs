using System.Globalization;

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>
/// The small script that runs a program inside its environment: it keeps the output in a file and leaves a record of the start
/// and of the end, so that neither depends on a connection. A backend delivers <see cref="Script"/>, a <see cref="ProgramScript"/>
/// and the payload into one directory of the environment, runs the script there, and reads files from then on.
/// </summary>
/// <remarks>The script needs a POSIX <c>sh</c>, the usual small tools and Linux's <c>/proc</c>; it names what it misses.</remarks>
public static class Supervisor
{
    /// <summary>The script's own name in the directory.</summary>
    public const string ScriptFile = "supervisor";

    /// <summary>The <see cref="ProgramScript"/>'s name in the directory. It holds secrets; the supervisor removes it at the end.</summary>
    public const string ProgramFile = "program";

    /// <summary>The directory in which the program starts, with the payload in it. Its existence says that delivery is complete.</summary>
    public const string WorkDirectory = "work";

    /// <summary>The file to which the program's output is appended.</summary>
    public const string SpoolFile = "spool";

    /// <summary>The <see cref="StartRecord"/>. It appears at once and whole; who makes it runs the program, so two never do.</summary>
    public const string StartFile = "start";

    /// <summary>The <see cref="ExitRecord"/>. It appears at once and whole, after the last byte of the output.</summary>
    public const string ExitFile = "exit";

    /// <summary>Made by who asks the program to end, so that what it leaves gets the same grace as itself.</summary>
    public const string StoppingFile = "stopping";

    /// <summary>A variable of the program and of all that it starts; its value is the directory with a slash at its end.</summary>
    public const string MarkerVariable = "CONTAINERGROUPS_ENVIRONMENT";

    /// <summary>A variable that the caller gives the supervisor itself, with the same value, so that its own helpers can be found if it dies.
    /// The program does not get it.</summary>
    public const string SupervisorMarkerVariable = "CONTAINERGROUPS_SUPERVISOR";

    private static readonly Lazy<string> LazyScript = new(ReadScript);

    /// <summary>The tools that the script needs besides the shell itself.</summary>
    public static IReadOnlyList<string> RequiredTools { get; } =
        ["setsid", "mkfifo", "dd", "ln", "mv", "rm", "wc", "date", "sleep", "grep"];

    /// <summary>The tools that it needs besides to change the user.</summary>
    public static IReadOnlyList<string> RequiredUserTools { get; } = ["chown", "id", "setpriv"];

    /// <summary>The text of the script, with LF line ends.</summary>
    public static string Script => LazyScript.Value;

    /// <summary>The command that starts the program once; its standard output gives one line for <see cref="SupervisorAnswer"/>.
    /// No secret is in it.</summary>
    /// <param name="directory">The absolute path of the directory.</param>
    /// <param name="timeout">The longest time that the program may run; null for no limit.</param>
    /// <param name="grace">How long it is asked politely when the time is up.</param>
    /// <param name="user">The user that the program runs as, when the caller is root; null for the caller's own.</param>
    public static IReadOnlyList<string> RunCommand(string directory, TimeSpan? timeout, TimeSpan grace, string? user = null)
    {
        List<string> command =
        [
            "setsid", "sh", $"{directory}/{ScriptFile}", "run", directory, timeout is { } limit ? Seconds(limit, 1) : "0", Seconds(grace, 0),
        ];
        if (user is not null)
        {
            command.Add(user);
        }

        return command;
    }

    /// <summary>The command that ends the program, or sees to it that it never starts. It returns when nothing of it runs.</summary>
    /// <param name="directory">The absolute path of the directory.</param>
    /// <param name="grace">How long the program is asked politely.</param>
    public static IReadOnlyList<string> StopCommand(string directory, TimeSpan grace) =>
        ["sh", $"{directory}/{ScriptFile}", "stop", directory, Seconds(grace, 0)];

    /// <summary>The command that says what has become of the program, in one line: <c>not_started</c>, <c>running</c>, <c>exited</c> or
    /// <c>lost</c>. Where the script was never delivered the shell can't find it, which means <c>not_started</c> too.</summary>
    /// <param name="directory">The absolute path of the directory.</param>
    public static IReadOnlyList<string> StateCommand(string directory) => ["sh", $"{directory}/{ScriptFile}", "state", directory];

    /// <summary>
    /// The command for a reader outside the environment, who has a connection but no file system in common with it: its standard output is
    /// the output from an offset on, as it is written; its standard error gives a dot now and then, and at last the exit record or a
    /// word for its absence, for <see cref="FollowReport"/>. It ends when its standard input does.
    /// </summary>
    /// <param name="directory">The absolute path of the directory.</param>
    /// <param name="offset">The first byte wanted; null for nothing but the end.</param>
    /// <param name="period">The time between two dots.</param>
    public static IReadOnlyList<string> FollowCommand(string directory, long? offset, TimeSpan period) =>
        ["sh", $"{directory}/{ScriptFile}", "follow", directory, offset?.ToString(CultureInfo.InvariantCulture) ?? "end", Seconds(period, 1)];

    private static string Seconds(TimeSpan time, long least) =>
        Math.Clamp((long)Math.Ceiling(time.TotalSeconds), least, int.MaxValue).ToString(CultureInfo.InvariantCulture);

    private static string ReadScript()
    {
        using var stream = typeof(Supervisor).Assembly.GetManifestResourceStream("supervisor.sh")
            ?? throw new InvalidOperationException("The assembly lacks its resource supervisor.sh.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

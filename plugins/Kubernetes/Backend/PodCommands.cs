using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>What is run in a pod. No secret is in any of it.</summary>
internal static class PodCommands
{
    /// <summary>Where a job's files lie: in the volume that every pod gets at <c>/runner</c>, where any user may write.</summary>
    public const string Directory = "/runner/containergroups";

    /// <summary>Before the supervisor is delivered there is nothing to stop but the start itself.</summary>
    private static readonly string StopScript =
        $$"""
        umask 077
        mkdir -p "$1" && cd "$1" || exit 1
        [ -e supervisor ] || { printf '{{StartRecord.CanceledText.ReplaceLineEndings("\\n")}}' >"start.$$"; ln "start.$$" start 2>/dev/null; rm -f "start.$$"; }
        [ ! -e supervisor ] || exec sh ./supervisor stop "$1" "$2"
        """;

    /// <summary>The same for the two that only ask: <c>$1</c> which, <c>$2</c> where.</summary>
    private const string AskScript =
        """
        [ ! -e "$2/supervisor" ] || exec sh "$2/supervisor" "$@"
        if [ -e "$2/start" ]; then set -- "$1" canceled exited; else set -- "$1" not_started not_started; fi
        if [ "$1" = follow ]; then echo "$2" >&2; else echo "$3"; fi
        """;

    private static readonly string DeliverScript = ReadResource("deliver.sh");

    /// <summary>Prints what has become of the program, in one word.</summary>
    public static IReadOnlyList<string> State { get; } = Ask(Supervisor.StateCommand(Directory));

    /// <summary>Takes the files of a job from its input and starts the supervisor; then does as <see cref="Follow"/> from the first byte on.</summary>
    public static IReadOnlyList<string> Deliver(TimeSpan? timeout, TimeSpan grace, TimeSpan beat)
    {
        var run = Supervisor.RunCommand(Directory, timeout, grace);
        return ["sh", "-c", DeliverScript, "sh", Directory, run[^2], run[^1], Supervisor.FollowCommand(Directory, null, beat)[^1]];
    }

    /// <summary>Ends the program, or sees to it that it never starts.</summary>
    public static IReadOnlyList<string> Stop(TimeSpan grace) =>
        ["sh", "-c", StopScript, "sh", Directory, Supervisor.StopCommand(Directory, grace)[^1]];

    /// <summary>Prints the program's output from an offset on, and its end.</summary>
    public static IReadOnlyList<string> Follow(long? offset, TimeSpan beat) => Ask(Supervisor.FollowCommand(Directory, offset, beat));

    /// <summary>The arguments that the supervisor's own command gives its script.</summary>
    private static string[] Ask(IReadOnlyList<string> command) => ["sh", "-c", AskScript, "sh", .. command.Skip(2)];

    private static string ReadResource(string name)
    {
        using var stream = typeof(PodCommands).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>What the start of a program left behind, or the word that it must never start.</summary>
public sealed record StartRecord
{
    /// <summary>The text of a record that keeps a program from ever starting. It has to be made like the supervisor makes its own:
    /// written under another name, then hard-linked to <see cref="Supervisor.StartFile"/>.</summary>
    public const string CanceledText = "version=1\ncanceled=1\nend=1\n";

    /// <summary>Whether the program was canceled before it was started.</summary>
    public bool Canceled { get; init; }

    /// <summary>The supervisor; null when canceled.</summary>
    public ProcessIdentity? Supervisor { get; init; }

    /// <summary>The program: the leader of its session and process group, which bear its id; null when canceled.</summary>
    public ProcessIdentity? Program { get; init; }

    /// <summary>Reads a record; null when the text is none.</summary>
    public static StartRecord? Parse(string text)
    {
        if (RecordLines.Parse(text) is not { } lines)
        {
            return null;
        }

        if (lines.Flag("canceled"))
        {
            return new StartRecord { Canceled = true };
        }

        var boot = lines.Text("boot");
        return boot is { Length: > 0 } && lines.Process("supervisor", boot) is { } supervisor && lines.Process("program", boot) is { } program
            ? new StartRecord { Supervisor = supervisor, Program = program }
            : null;
    }
}

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>Reads the one line by which the supervisor says whether the program runs.</summary>
public static class SupervisorAnswer
{
    /// <summary>Makes the failure that a line tells of; null when the program was started, now or before.</summary>
    /// <param name="line">The line, without its end; null when the supervisor ended without a word.</param>
    /// <param name="program">The program's name, for the message.</param>
    public static BackendException? ToFailure(string? line, string program)
    {
        var (word, words) = Split(line ?? "");
        return word switch
        {
            "started" => null,
            "unsuitable" => new BackendException(
                BackendFailureReason.UnsuitableImage,
                $"The environment lacks {string.Join(", ", words.Split(' ', StringSplitOptions.RemoveEmptyEntries))}, which running a job needs; "
                + "use an image with coreutils and util-linux, or with BusyBox."),
            "not_found" => new BackendException(
                BackendFailureReason.ProgramNotFound,
                $"The program {program} was not found in the environment or can't be executed; check its name, its permissions and PATH."),
            "full" => new BackendException(
                BackendFailureReason.DiskFull,
                $"The disk of the environment is full ({words}); free some space.",
                isTransient: true),
            "failed" => new BackendException(
                BackendFailureReason.Unknown,
                $"The program was not started: {words}.",
                isTransient: true),
            _ => new BackendException(
                BackendFailureReason.Unknown,
                "The supervisor ended before it had started the program; try again.",
                isTransient: true),
        };
    }

    private static (string Word, string Words) Split(string line)
    {
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        return at < 0 ? (line, "") : (line[..at], line[(at + 1)..].Trim());
    }
}

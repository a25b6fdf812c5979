namespace ContainerGroups.Abstractions.Supervision;

/// <summary>What the end of a program left behind.</summary>
public sealed record ExitRecord
{
    private const int Killed = 9;
    private const int HighestSignal = 64;

    /// <summary>A century: more is no measurement.</summary>
    private const long MaxHundredths = 100L * 366 * 24 * 3600 * 100;

    /// <summary>How a program that was canceled before its start is taken to have ended: by the polite signal, without output.</summary>
    public static JobExit CanceledBeforeStart { get; } = new()
    {
        ExitCode = 128 + 15,
        Signal = 15,
        OutputLength = 0,
        Detail = "Canceled before it was started.",
    };

    /// <summary>The code that the shell saw, 0 to 255.</summary>
    public required int Code { get; init; }

    /// <summary>The length of the spool, which grows no more.</summary>
    public required long OutputLength { get; init; }

    /// <summary>Whether its time was up.</summary>
    public bool TimedOut { get; init; }

    /// <summary>How often the kernel killed for lack of memory in the environment's control group meanwhile.</summary>
    public long OutOfMemoryKills { get; init; }

    /// <summary>Whether the program could not be executed at all.</summary>
    public bool ExecutionFailed { get; init; }

    /// <summary>Whether a part of the output could not be written to the spool.</summary>
    public bool OutputDamaged { get; init; }

    /// <summary>How long the program ran, to a hundredth of a second; null when that could not be measured.</summary>
    public TimeSpan? RunTime { get; init; }

    /// <summary>Reads a record; null when the text is none.</summary>
    public static ExitRecord? Parse(string text) =>
        RecordLines.Parse(text) is { } lines && lines.Number("code") is >= 0 and <= 255 and var code && lines.Number("length") is { } length
            ? new ExitRecord
            {
                Code = (int)code,
                OutputLength = length,
                TimedOut = lines.Flag("timed_out"),
                OutOfMemoryKills = lines.Number("oom_kills") ?? 0,
                ExecutionFailed = lines.Flag("exec_failed"),
                OutputDamaged = lines.Flag("damaged"),
                RunTime = lines.Number("ran") is { } hundredths && hundredths <= MaxHundredths ? TimeSpan.FromMilliseconds(hundredths * 10) : null,
            }
            : null;

    /// <summary>Says how the program ended.</summary>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.ProgramNotFound"/> when it never became a program.</exception>
    public JobExit ToJobExit()
    {
        if (ExecutionFailed)
        {
            throw new BackendException(
                BackendFailureReason.ProgramNotFound,
                "The program was found but can't be executed: its interpreter is missing, or it is made for another machine. The output may say more.");
        }

        int? signal = Code is > 128 and <= 128 + HighestSignal ? Code - 128 : null;
        return new JobExit
        {
            ExitCode = Code,
            Signal = signal,
            OutOfMemory = signal == Killed && OutOfMemoryKills > 0 && !TimedOut,
            TimedOut = TimedOut,
            OutputLength = OutputLength,
            RunTime = RunTime,
            Detail = OutputDamaged ? "Part of the output could not be stored, as on a full disk." : "",
        };
    }
}

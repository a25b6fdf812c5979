namespace ContainerGroups.Host.Cli;

/// <summary>Exit statuses of our own. Everything else is the program's.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>What was asked for can't be done: a missing file, a bad option, a request that the server refuses.</summary>
    public const int BadRequest = 120;

    /// <summary>The server can't be reached, can't be started, or doesn't accept the credentials.</summary>
    public const int NoServer = 121;

    /// <summary>The job ended as <c>error</c>: the fault isn't the program's.</summary>
    public const int JobError = 122;

    /// <summary>The job goes on without us.</summary>
    public const int LeftRunning = 123;

    /// <summary>The job ran out of its time, as <c>timeout(1)</c> says it.</summary>
    public const int TimedOut = 124;

    /// <summary>The job failed, and the program left no exit code: a signal ended it.</summary>
    public const int Killed = 125;

    /// <summary>A fault of this program.</summary>
    public const int OurFault = 126;

    /// <summary>The job was canceled, as shells say it of an interrupted program.</summary>
    public const int Canceled = 130;
}

using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>
/// What a program of a test does, as data: it prints, then perhaps runs on, then ends. A fixture makes a <see cref="StartRequest"/> of it
/// in <see cref="ExecutionBackendContract.Describe"/>, so that a backend whose programs are no real processes can be held to the contract too.
/// </summary>
public sealed record ProgramBehaviour
{
    /// <summary>What it prints first, as often as <see cref="Repetitions"/> says.</summary>
    public byte[] Output { get; init; } = [];

    /// <summary>How often it prints <see cref="Output"/>.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>A variable of its environment whose value it prints next; null for none.</summary>
    public string? PrintedVariable { get; init; }

    /// <summary>Whether it then runs until it is ended from outside.</summary>
    public bool RunsUntilCanceled { get; init; }

    /// <summary>Whether it takes no notice of the polite signal.</summary>
    public bool IgnoresPoliteSignal { get; init; }

    /// <summary>Whether it leaves a child running that has its standard output and would go on for ever.</summary>
    public bool LeavesChild { get; init; }

    /// <summary>The signal by which it ends itself; null for none.</summary>
    public int? Signal { get; init; }

    /// <summary>The code with which it ends, when nothing else ends it.</summary>
    public int ExitCode { get; init; }

    /// <summary>Everything it prints before it ends or runs on.</summary>
    /// <param name="environment">The variables it is given.</param>
    public byte[] AllOutput(IReadOnlyDictionary<string, string> environment)
    {
        IEnumerable<byte> all = Enumerable.Repeat(Output, Repetitions).SelectMany(bytes => bytes);
        return [.. PrintedVariable is null ? all : all.Concat(System.Text.Encoding.UTF8.GetBytes(environment[PrintedVariable]))];
    }
}

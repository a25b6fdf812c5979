using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>A started program: what it has done by a given time, computed from its records alone.</summary>
internal sealed class FakeRun
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private readonly StartRecord _start;
    private readonly FakeScript _script;
    private readonly FakeOutput _output;
    private readonly TimeSpan _natural;
    private readonly (TimeSpan After, bool TimedOut)? _forced;

    /// <summary>How a program ended that was told to end before it was started.</summary>
    public static JobExit NeverStarted { get; } = new() { ExitCode = 128 + SigTerm, Signal = SigTerm, OutputLength = 0 };

    public FakeRun(StartRecord start, CancelRecord? cancel, FakeOutput output)
    {
        (_start, _output) = (start, output);
        _script = new FakeScript(start.Script);
        _natural = _script.RunFor;
        _forced = FirstForcedEnd(cancel);
        EndsAt = start.StartedAt + (_forced?.After ?? _natural);
    }

    public DateTimeOffset EndsAt { get; }

    /// <summary>When the environment is lost; null when the program ends before.</summary>
    public DateTimeOffset? LostAt => _script.LoseAfter is { } after && _start.StartedAt + after < EndsAt ? _start.StartedAt + after : null;

    public BackendFailureReason LostReason => _script.Reason("lose_reason") ?? BackendFailureReason.EnvironmentLost;

    public FakeOutput Output => _output;

    /// <summary>After how many bytes a stream breaks, once.</summary>
    public long? BreaksAt => _script.Number("output_error_at");

    /// <summary>When something can be learned that is not known yet: the end, or the loss.</summary>
    public DateTimeOffset NextEvent => LostAt ?? EndsAt;

    public bool IsLost(DateTimeOffset now) => now >= LostAt;

    public bool HasEnded(DateTimeOffset now) => now >= EndsAt;

    public bool IsOut(DateTimeOffset now) => _script.Duration("outage_after") is { } after
        && now >= _start.StartedAt + after
        && now < _start.StartedAt + after + (_script.Duration("outage_for") ?? TimeSpan.MaxValue / 4);

    /// <summary>How much of the output is written: evenly over the time that it takes, all of it when the program ends by itself.</summary>
    public long LengthAt(DateTimeOffset now)
    {
        var at = now < EndsAt ? now : EndsAt;
        var elapsed = at - _start.StartedAt;
        var needed = _script.PrintFor;
        return elapsed >= needed ? _output.Length : (long)(_output.Length * (elapsed / needed));
    }

    public JobExit Exit()
    {
        var length = LengthAt(EndsAt);
        var time = EndsAt - _start.StartedAt;
        if (_forced is { } forced)
        {
            var killer = _script.IgnoresTerm ? SigKill : SigTerm;
            return new JobExit { ExitCode = 128 + killer, Signal = killer, TimedOut = forced.TimedOut, OutputLength = length, RunTime = time };
        }

        var signal = (int?)_script.Number("signal");
        return new JobExit
        {
            ExitCode = signal is { } number ? 128 + number : (int)(_script.Number("exit") ?? 0),
            Signal = signal,
            OutOfMemory = _script.Flag("oom"),
            OutputLength = length,
            RunTime = time,
        };
    }

    private (TimeSpan After, bool TimedOut)? FirstForcedEnd(CancelRecord? cancel)
    {
        var ends = new List<(TimeSpan After, bool TimedOut)>();
        if (_start.Timeout is { } timeout)
        {
            ends.Add((timeout + (_script.IgnoresTerm ? _start.Grace : TimeSpan.Zero), true));
        }

        if (cancel is not null)
        {
            ends.Add((cancel.At - _start.StartedAt + (_script.IgnoresTerm ? cancel.Grace : TimeSpan.Zero), false));
        }

        var first = ends.Where(end => end.After < _natural).OrderBy(end => end.After).ToList();
        return first.Count > 0 ? first[0] : null;
    }
}

using System.Collections.Concurrent;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>What this server has learned of the program in a pod; nothing of it is needed after a restart.</summary>
internal sealed class PodRun
{
    /// <summary>How long the connection over which a program was started waits for its reader.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long _bytesRead;
    private FollowConnection? _first;

    /// <summary>How the program ended; null while that is not known here.</summary>
    public ProgramEnd? End { get; private set; }

    /// <summary>The most output that anybody has read.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public void HasRead(long position)
    {
        var before = BytesRead;
        while (position > before && Interlocked.CompareExchange(ref _bytesRead, position, before) is var seen && seen != before)
        {
            before = seen;
        }
    }

    public void Ended(ProgramEnd end) => End ??= end;

    /// <summary>Keeps the connection over which the program was started for who reads its output first.</summary>
    public void Keep(FollowConnection first, TimeProvider clock)
    {
        Drop();
        _first = first;
        ITimer? timer = null;
        timer = clock.CreateTimer(_ => DropIf(first, timer), null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>That connection, once, for a reader of the whole output; null when there is none.</summary>
    public FollowConnection? Take(long position) => position == 0 ? Interlocked.Exchange(ref _first, null) : null;

    /// <summary>Nobody reads any more.</summary>
    public void Drop() => Close(Interlocked.Exchange(ref _first, null));

    private void DropIf(FollowConnection first, ITimer? timer)
    {
        timer?.Dispose();
        Close(Interlocked.CompareExchange(ref _first, null, first) == first ? first : null);
    }

    private static void Close(FollowConnection? connection)
    {
        if (connection is not null)
        {
            _ = connection.DisposeAsync().AsTask();
        }
    }
}

/// <summary>The runs by the uid of their pods, from the first question to the pod's end.</summary>
internal sealed class PodRuns
{
    private readonly ConcurrentDictionary<string, PodRun> _runs = new(StringComparer.Ordinal);

    public PodRun For(PodHandle pod) => _runs.GetOrAdd(pod.Uid, _ => new PodRun());

    public void Forget(PodHandle pod)
    {
        if (_runs.TryRemove(pod.Uid, out var run))
        {
            run.Drop();
        }
    }
}

/// <summary>How a program ended, and how much it wrote.</summary>
internal sealed class ProgramEnd
{
    private const int Killed = 9;

    private readonly Func<JobExit> _exit;

    private ProgramEnd(long outputLength, Func<JobExit> exit) => (OutputLength, _exit) = (outputLength, exit);

    public long OutputLength { get; }

    public static ProgramEnd Of(FollowReport report) => new(report.OutputLength!.Value, report.ToJobExit);

    /// <summary>Of a container that a memory limit ended as a whole: what was read of its output is all there is.</summary>
    public static ProgramEnd OutOfMemory(long bytesRead) => new(bytesRead, () => new JobExit
    {
        ExitCode = 128 + Killed,
        Signal = Killed,
        OutOfMemory = true,
        OutputLength = bytesRead,
        Detail = "The whole container was killed (OOMKilled), so the last of the output may be missing.",
    });

    /// <exception cref="BackendException"><see cref="BackendFailureReason.ProgramNotFound"/> when it never became a program.</exception>
    public JobExit ToJobExit() => _exit();
}

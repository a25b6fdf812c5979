using System.Globalization;
using System.Text;

namespace ContainerGroups.Benchmarks.Cluster;

/// <summary>A job's program in a simulated pod: what it has written so far, and how it ended. Safe for any thread.</summary>
internal sealed class WorkerProgram(long jobId)
{
    private readonly Lock _lock = new();
    private byte[] _spool = [];
    private int _lines;
    private int _followers;
    private byte[]? _exit;
    private TaskCompletionSource _changed = NewSignal();

    public long JobId => jobId;

    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _exit is not null;
            }
        }
    }

    /// <summary>Connections on which it is followed now.</summary>
    public int Followers => Volatile.Read(ref _followers);

    /// <summary>All that it has written.</summary>
    public byte[] Spool
    {
        get
        {
            lock (_lock)
            {
                return _spool;
            }
        }
    }

    public void Follow(int change) => Interlocked.Add(ref _followers, change);

    /// <summary>Writes lines that no other program writes, and none of them twice.</summary>
    public void Print(int lines) => Change(() =>
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"job {jobId} has written line {_lines++}\n");
        }

        _spool = [.. _spool, .. Encoding.ASCII.GetBytes(text.ToString())];
    });

    /// <summary>Ends it, once, with the record that a supervisor leaves.</summary>
    public void End(int code) => Change(() => _exit ??= Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"version=1\ncode={code}\nlength={_spool.Length}\ntimed_out=0\noom_kills=0\nexec_failed=0\ndamaged=0\nend=1\n")));

    /// <summary>What there is from an offset on, the record of its end, and what tells of the next change.</summary>
    public (ReadOnlyMemory<byte> Output, byte[]? Exit, Task Changed) Look(int offset)
    {
        lock (_lock)
        {
            return (_spool.AsMemory(Math.Min(offset, _spool.Length)), _exit, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_exit is not null)
            {
                return;
            }

            change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }
}

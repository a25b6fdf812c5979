using System.Globalization;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>What the hosts of a test have asked of the backend, in order: the view from outside.</summary>
internal sealed class BackendCalls(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<BackendCall> _calls = [];

    public IReadOnlyList<BackendCall> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Something to do at a call, before it has any effect or after it had; what it throws comes out of the backend.</summary>
    public Func<BackendCall, Task>? Interpose { get; set; }

    public Task NoteAsync(string host, string member, string environment, bool ended)
    {
        // INSTALLATION-JOB-ATTEMPT
        var parts = environment.Split('-');
        var jobId = parts.Length > 2 ? long.Parse(parts[^2], CultureInfo.InvariantCulture) : 0;
        var call = new BackendCall(host, member, jobId, ended, clock.GetUtcNow().UtcDateTime);
        lock (_lock)
        {
            _calls.Add(call);
        }

        return Interpose?.Invoke(call) ?? Task.CompletedTask;
    }

    /// <summary>How many of the programs ran at the same time at most.</summary>
    public int MostAtOnce(params IEnumerable<long> jobs)
    {
        var wanted = jobs.ToHashSet();
        var running = new HashSet<long>();
        var most = 0;
        foreach (var call in All.Where(c => wanted.Contains(c.JobId)))
        {
            if (call is { Member: "start", Ended: false })
            {
                running.Add(call.JobId);
            }
            else if (call is { Member: "wait", Ended: true })
            {
                running.Remove(call.JobId);
            }

            most = Math.Max(most, running.Count);
        }

        return most;
    }
}

/// <param name="Host">Who asked.</param>
/// <param name="Member">The contract's member, in lower case.</param>
/// <param name="JobId">About which job; 0 where the call names none.</param>
/// <param name="Ended">Whether the call is over.</param>
/// <param name="At">When.</param>
internal sealed record BackendCall(string Host, string Member, long JobId, bool Ended, DateTime At);

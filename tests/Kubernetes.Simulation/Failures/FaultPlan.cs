using ContainerGroups.Kubernetes.Simulation.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>The faults that are still to happen, each to the next requests of its kind.</summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Planned> _planned = [];
    private readonly TimeProvider _clock;
    private CancellationTokenSource _watches = new();
    private TaskCompletionSource _stalls = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FaultPlan(TimeProvider clock) => _clock = clock;

    /// <summary>How long each batch of a watch's events is held back.</summary>
    public TimeSpan WatchDelay { get; set; }

    /// <summary>Asked about every request before it is looked at, and again each time that something is about to be sent in answer; when it
    /// throws, the connection is cut right there. So a test ends a client between any two things that it does.</summary>
    public Func<RequestMoment, Task>? Interpose { get; set; }

    /// <summary>How many planned faults have not happened yet.</summary>
    public int Left
    {
        get
        {
            lock (_lock)
            {
                return _planned.Sum(planned => planned.Count);
            }
        }
    }

    internal CancellationToken WatchesClosed
    {
        get
        {
            lock (_lock)
            {
                return _watches.Token;
            }
        }
    }

    /// <param name="kind">The kind of request; null for all.</param>
    /// <param name="fault">What happens to it.</param>
    /// <param name="count">To how many requests.</param>
    /// <param name="after">How many requests of the kind go through before.</param>
    public void Add(RequestKind? kind, Fault fault, int count = 1, int after = 0)
    {
        lock (_lock)
        {
            _planned.Add(new() { Kind = kind, Fault = fault, Count = count, After = after });
        }
    }

    /// <summary>Nothing more goes wrong, and what was stalled goes on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _planned.Clear();
        }

        EndStalls();
    }

    public void EndStalls()
    {
        lock (_lock)
        {
            _stalls.TrySetResult();
            _stalls = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends every open watch as a server does whose time for it is up.</summary>
    public void CloseWatches()
    {
        CancellationTokenSource closing;
        lock (_lock)
        {
            (closing, _watches) = (_watches, new());
        }

        closing.Cancel();
    }

    internal Task DelayWatchAsync(TimeProvider clock, CancellationToken ct) => WatchDelay > TimeSpan.Zero ? Task.Delay(WatchDelay, clock, ct) : Task.CompletedTask;

    internal async Task ApplyAsync(HttpContext http, RequestKind kind)
    {
        var interpose = Interpose;
        if (interpose is not null && !await AllowsAsync(interpose, new RequestMoment(kind, IsAnswered: false)))
        {
            Cut(http);
            throw new OperationCanceledException("The connection was cut.");
        }

        if ((Take(kind) ?? (interpose is null ? null : Fault.None)) is not { } fault)
        {
            return;
        }

        if (fault.DelayBefore > TimeSpan.Zero)
        {
            await Task.Delay(fault.DelayBefore, _clock, http.RequestAborted);
        }

        if (fault.CutsBefore)
        {
            Cut(http);
            throw new OperationCanceledException("The connection was cut.");
        }

        if (fault.StatusCode != 0)
        {
            throw new StatusException(fault.StatusCode, fault.Reason, fault.Message, retryAfter: fault.RetryAfter);
        }

        if (interpose is not null || fault.CutAfterSent is not null || fault.CutAfterReceived is not null || fault.StallAfterSent is not null)
        {
            Meter(http, fault, () => interpose is null ? Task.FromResult(true) : AllowsAsync(interpose, new RequestMoment(kind, IsAnswered: true)));
        }
    }

    private static async Task<bool> AllowsAsync(Func<RequestMoment, Task> interpose, RequestMoment moment)
    {
        try
        {
            await interpose(moment);
            return true;
        }
        catch (Exception)
        {
            // Whatever it is, it is the test's way to say no.
            return false;
        }
    }

    private void Meter(HttpContext http, Fault fault, Func<Task<bool>> mayAnswer)
    {
        Task stall;
        lock (_lock)
        {
            stall = _stalls.Task;
        }

        var meter = new Meter(fault, stall, mayAnswer, () => Cut(http));
        http.Response.Body = new MeteredStream(http.Response.Body, meter, http.RequestAborted);
        if (http.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
        {
            http.Features.Set<IHttpUpgradeFeature>(new MeteredUpgrade(upgrade, meter, http.RequestAborted));
        }
    }

    private static void Cut(HttpContext http) => http.Features.Get<ICutConnection>()!.Abort();

    private Fault? Take(RequestKind kind)
    {
        lock (_lock)
        {
            foreach (var planned in _planned.Where(planned => planned.Kind is null || planned.Kind == kind))
            {
                if (planned.After-- > 0)
                {
                    continue;
                }

                if (--planned.Count == 0)
                {
                    _planned.Remove(planned);
                }

                return planned.Fault;
            }

            return null;
        }
    }

    private sealed class Planned
    {
        public required RequestKind? Kind { get; init; }

        public required Fault Fault { get; init; }

        public int Count { get; set; }

        public int After { get; set; }
    }

    private sealed class MeteredUpgrade(IHttpUpgradeFeature inner, Meter meter, CancellationToken aborted) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => new MeteredStream(await inner.UpgradeAsync(), meter, aborted);
    }
}

using System.Threading.Tasks.Sources;

namespace ContainerGroups.Host.Plugins;

/// <summary>What one side waits for and the other side ends, again and again, without an object for each time.</summary>
/// <param name="goesOnElsewhere">Whether who waits goes on in another thread than the one that ends the turn.</param>
internal sealed class Turn(bool goesOnElsewhere) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = goesOnElsewhere };
    private int _isOver;

    /// <summary>Begins the next turn. For who will wait for its end, or before that one can.</summary>
    public void Begin()
    {
        _core.Reset();
        Volatile.Write(ref _isOver, 0);
    }

    /// <summary>To be awaited once in each turn.</summary>
    public ValueTask<bool> WaitAsync() => new(this, _core.Version);

    /// <summary>Ends the turn, unless somebody else was faster.</summary>
    public void End(bool result)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _core.SetResult(result);
        }
    }

    /// <inheritdoc cref="End"/>
    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _core.SetException(exception);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

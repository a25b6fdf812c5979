namespace ContainerGroups.Host.Output;

/// <summary>Tells one waiter that something has changed. Reset it before looking at what changed, and no change is missed.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _set = New();

    public Task Task => Volatile.Read(ref _set).Task;

    public void Set() => Volatile.Read(ref _set).TrySetResult();

    public void Reset()
    {
        if (_set.Task.IsCompleted)
        {
            Volatile.Write(ref _set, New());
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.WaitAsync(cancellationToken);
        Reset();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

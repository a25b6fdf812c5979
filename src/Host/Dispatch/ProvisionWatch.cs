using ContainerGroups.Abstractions;
using ContainerGroups.Host.Jobs;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Hears what happens while an environment is made: phases go to the timeline, waits to whoever asks for the next one.</summary>
internal sealed class ProvisionWatch(JobTimeline timeline) : IProgress<EnvironmentProgress>
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<EnvironmentProgress> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastDetail = "";

    /// <summary>The next wait that is told, or the last one that nobody has asked for yet.</summary>
    public Task<EnvironmentProgress> NextWait()
    {
        lock (_lock)
        {
            return _next.Task;
        }
    }

    /// <summary>Makes room for the next one.</summary>
    public void Seen()
    {
        lock (_lock)
        {
            _next = new TaskCompletionSource<EnvironmentProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Report(EnvironmentProgress value)
    {
        if (value.Phase is { } phase)
        {
            timeline.Mark(phase, value.Detail);
        }

        if (value.WaitingFor is null)
        {
            return;
        }

        lock (_lock)
        {
            // The same words again and again are not worth a write each.
            if (value.Detail != _lastDetail)
            {
                _lastDetail = value.Detail;
                _next.TrySetResult(value);
            }
        }
    }
}

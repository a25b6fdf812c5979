using System.Diagnostics;

namespace ContainerGroups.Tests.Shared;

/// <summary>Waits for a condition of the outside world that gives no event of its own; only its deadline makes it fail.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task BeAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        BeAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task BeAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? Deadline))
            {
                throw new TimeoutException($"After {watch.Elapsed.TotalSeconds:0} s it is still not so that {what}.");
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Awaits what has to end by itself: a test that would hang fails instead.</summary>
    public static async Task EndAsync(Task task, string what, TimeSpan? deadline = null)
    {
        try
        {
            await task.WaitAsync(deadline ?? Deadline);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"After {(deadline ?? Deadline).TotalSeconds:0} s it has not ended: {what}.");
        }
    }
}

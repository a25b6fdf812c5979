using ContainerGroups.Abstractions;
using ContainerGroups.LocalInstance.Files;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Waits for what happens in an environment. A change of its files is told at once; that its processes are gone without
/// a word (killed, machine restarted) is nobody's event, so that is looked at from time to time.</summary>
internal sealed class EnvironmentWatch(RunDirectory directory, DirectoryChanges changes, TimeProvider clock)
{
    private static readonly TimeSpan LifeCheck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WithoutEvents = TimeSpan.FromMilliseconds(250);

    public RunDirectory Directory { get; } = directory;

    public DirectoryChanges.Subscription Subscribe() => changes.Subscribe(Directory.Path);

    public async Task<JobExit> WaitForEndAsync(CancellationToken cancellationToken)
    {
        using var subscription = Subscribe();
        var lookAtLife = true;
        while (true)
        {
            var change = subscription.Next();
            if (Directory.FindEnd() is { } end)
            {
                return end;
            }

            if (lookAtLife)
            {
                ThrowIfLost();
            }

            lookAtLife = !await HappensAsync(subscription, change, cancellationToken);
        }
    }

    /// <summary>Waits for a change; false when it is time to look whether the processes live.</summary>
    public async Task<bool> HappensAsync(DirectoryChanges.Subscription subscription, Task change, CancellationToken cancellationToken)
    {
        await change.WaitAsync(subscription.Works ? LifeCheck : WithoutEvents, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return change.IsCompleted && Directory.Exists;
    }

    /// <exception cref="BackendException">Nobody will ever tell how the program ended.</exception>
    public void ThrowIfLost()
    {
        if (Directory.GetState() == EnvironmentState.Lost)
        {
            throw new BackendException(
                BackendFailureReason.EnvironmentLost,
                Directory.Exists
                    ? $"The program's supervisor was killed or the machine was restarted, so nobody knows how the program ended (environment {Directory.Name})."
                    : $"The environment {Directory.Name} is gone; its directory was removed from outside.");
        }
    }
}

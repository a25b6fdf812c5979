using ContainerGroups.Abstractions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Finds an environment whose handle nobody got to store: its maker was stopped in between.</summary>
internal static class EnvironmentSearch
{
    public static async Task<EnvironmentHandle?> FindAsync(
        IExecutionBackend backend, BackendTarget target, Job job, CancellationToken cancellationToken)
    {
        await foreach (var listed in backend.ListEnvironmentsAsync(target, cancellationToken))
        {
            if (listed.JobId == job.Id && listed.Attempt == job.Attempt)
            {
                return listed.Handle;
            }
        }

        return null;
    }
}

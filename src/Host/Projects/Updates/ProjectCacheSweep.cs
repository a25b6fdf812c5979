using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Removes what belongs to projects that are gone, archives that nobody needs, and what uploads left that were cut off.</summary>
internal sealed partial class ProjectCacheSweep(
    DatabaseRetry retry, GitRepositories repositories, ArchiveStore archives, ProjectPaths paths, ILogger<ProjectCacheSweep> logger)
{
    /// <param name="isStart">Whether nobody uploads yet, so that every file of an upload is a leftover.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(bool isStart, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var upload in isStart ? Directory.EnumerateFiles(paths.Uploads) : [])
            {
                File.Delete(upload);
            }

            var known = await retry.ReadAsync((db, token) => db.Projects.Select(p => p.Id).ToHashSetAsync(token), cancellationToken);
            repositories.RemoveUnknown(known.Contains);
            await archives.RemoveUnusedAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What projects left that are gone can't be removed now")]
    private partial void LogFailed(Exception exception);
}

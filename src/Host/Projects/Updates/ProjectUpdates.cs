using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Asks for project updates, and for their end. Who runs them is <see cref="ProjectUpdater"/>'s matter.</summary>
internal sealed class ProjectUpdates(DatabaseRetry retry, WakeUps wakeUps, TimeProvider clock)
{
    private static readonly string[] Unfinished = [JobStatuses.Pending, JobStatuses.Running];

    /// <summary>
    /// Asks for an update of a git project. One that waits already is reused; one that runs is not, because it may have fetched before
    /// what the caller wants to see was there.
    /// </summary>
    /// <returns>The update's id; null when the project is gone, or of a kind that is not updated.</returns>
    public async Task<long?> RequestAsync(long projectId, string launchType, long? userId, CancellationToken cancellationToken)
    {
        var id = await retry.RunInTransactionAsync(
            async (db, token) => await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == projectId, token) is { } project
                ? await AddAsync(db, project, launchType, userId, token)
                : null,
            cancellationToken);
        if (id is not null)
        {
            wakeUps.Pulse(WakeUpNames.ProjectUpdates);
        }

        return id;
    }

    /// <summary>
    /// The update that a job has to wait for, in the launch's transaction; null when the project's files are good as they are. To be
    /// followed by a call of <see cref="WakeUpNames.ProjectUpdates"/>.
    /// </summary>
    public async Task<long?> AddForLaunchAsync(AppDb db, long projectId, CancellationToken cancellationToken) =>
        await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == projectId, cancellationToken) is { } project
            ? await ForLaunchAsync(db, project, clock.GetUtcNow().UtcDateTime, cancellationToken)
            : null;

    /// <summary>Asks for the end of an update: a waiting one ends at once, a running one as soon as its host has heard of it.</summary>
    /// <returns>False when it has ended already.</returns>
    public async Task<bool> CancelAsync(long updateId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var asked = await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                var asked = await db.ProjectUpdates.Where(u => u.Id == updateId && Unfinished.Contains(u.Status))
                    .ExecuteUpdateAsync(s => s.SetProperty(u => u.CanceledOn, u => u.CanceledOn ?? now), token);
                var ended = await db.ProjectUpdates.Where(u => u.Id == updateId && u.Status == JobStatuses.Pending)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(u => u.Status, JobStatuses.Canceled)
                            .SetProperty(u => u.Failed, true)
                            .SetProperty(u => u.Finished, now)
                            .SetProperty(u => u.EventProcessingFinished, true),
                        token);
                if (ended > 0)
                {
                    await ShowAsync(db, updateId, token);
                }

                return asked > 0;
            },
            cancellationToken);
        wakeUps.Pulse(WakeUpNames.ProjectUpdates);
        wakeUps.Pulse(WakeUpNames.Dispatch);
        return asked;
    }

    /// <summary>Adds an update, in the caller's transaction. To be followed by a call of <see cref="WakeUpNames.ProjectUpdates"/>.</summary>
    public static async Task<long?> AddAsync(AppDb db, Project project, string launchType, long? userId, CancellationToken cancellationToken)
    {
        if (project.ScmType != ScmTypes.Git)
        {
            return null;
        }

        var waiting = await db.ProjectUpdates.Where(u => u.ProjectId == project.Id && u.Status == JobStatuses.Pending)
            .Select(u => (long?)u.Id).FirstOrDefaultAsync(cancellationToken);
        if (waiting is not null)
        {
            return waiting;
        }

        var update = new ProjectUpdate
        {
            Name = project.Name,
            Description = project.Description,
            ProjectId = project.Id,
            OrganizationId = project.OrganizationId,
            Status = JobStatuses.Pending,
            LaunchType = launchType,
            Timeout = project.Timeout,
            CreatedById = userId,
            ModifiedById = userId,
        };
        db.ProjectUpdates.Add(update);
        await db.SaveChangesAsync(cancellationToken);
        await db.Projects.Where(p => p.Id == project.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.Status, JobStatuses.Pending), cancellationToken);
        return update.Id;
    }

    private static async Task<long?> ForLaunchAsync(AppDb db, Project project, DateTime now, CancellationToken cancellationToken)
    {
        var isFresh = project is { LastUpdated: { } updated, LastUpdateFailed: false }
            && now - updated < TimeSpan.FromSeconds(project.ScmUpdateCacheTimeout);
        if (project.ScmRevision.Length == 0 || (project.ScmUpdateOnLaunch && !isFresh))
        {
            return await AddAsync(db, project, LaunchTypes.Dependency, null, cancellationToken);
        }

        // What somebody else asked for is waited for: the source may just have been changed.
        return await db.ProjectUpdates.Where(u => u.ProjectId == project.Id && Unfinished.Contains(u.Status))
            .OrderByDescending(u => u.Id).Select(u => (long?)u.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The project shows the state of its last update.</summary>
    private static Task ShowAsync(AppDb db, long updateId, CancellationToken cancellationToken) => db.Projects
        .Where(p => db.ProjectUpdates.Any(u => u.Id == updateId && u.ProjectId == p.Id))
        .Where(p => !db.ProjectUpdates.Any(u => u.Id > updateId && u.ProjectId == p.Id))
        .ExecuteUpdateAsync(s => s.SetProperty(p => p.Status, JobStatuses.Canceled), cancellationToken);
}

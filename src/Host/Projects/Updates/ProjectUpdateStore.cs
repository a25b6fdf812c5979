using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Decides which host runs which update, and writes how it ended: each by one conditional update of its row.</summary>
internal sealed class ProjectUpdateStore(DatabaseRetry retry, JobNotifications notifications, HostIdentity host, TimeProvider clock)
{
    /// <summary>Puts back updates that nobody runs any more: this host's own of an earlier process, and those of hosts that are silent.</summary>
    /// <param name="running">The ids that this process runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task TakeBackAsync(IReadOnlyCollection<long> running, CancellationToken cancellationToken)
    {
        var silent = Now() - HostProcesses.SilentAfter;
        return retry.RunInTransactionAsync(
            (db, token) => db.ProjectUpdates.Where(u => u.Status == JobStatuses.Running && !running.Contains(u.Id))
                .Where(u => u.ControllerNode == host.Hostname
                    || !db.HostProcesses.Any(p => p.Hostname == u.ControllerNode && p.LastSeen >= silent))
                .ExecuteUpdateAsync(
                    s => s.SetProperty(u => u.Status, JobStatuses.Pending)
                        .SetProperty(u => u.ClaimEpoch, u => u.ClaimEpoch + 1)
                        .SetProperty(u => u.ControllerNode, ""),
                    token),
            cancellationToken);
    }

    /// <summary>Takes the oldest update that may run: one at a time of each project.</summary>
    public async Task<ProjectUpdateClaim?> ClaimAsync(CancellationToken cancellationToken)
    {
        var (now, areAnyTold) = (Now(), false);
        var claim = await retry.RunInTransactionAsync<ProjectUpdateClaim?>(
            async (db, token) =>
            {
                var next = await db.ProjectUpdates.AsNoTracking().Where(u => u.Status == JobStatuses.Pending)
                    .Where(u => !db.ProjectUpdates.Any(o => o.ProjectId == u.ProjectId && o.Status == JobStatuses.Running))
                    .OrderBy(u => u.Id).Select(u => new { u.Id, u.ProjectId, u.ClaimEpoch, u.Started }).FirstOrDefaultAsync(token);
                if (next is null)
                {
                    return null;
                }

                var claimed = await db.ProjectUpdates
                    .Where(u => u.Id == next.Id && u.Status == JobStatuses.Pending && u.ClaimEpoch == next.ClaimEpoch)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(u => u.Status, JobStatuses.Running)
                            .SetProperty(u => u.ClaimEpoch, next.ClaimEpoch + 1)
                            .SetProperty(u => u.Started, u => u.Started ?? now)
                            .SetProperty(u => u.ControllerNode, host.Hostname),
                        token);
                await db.Projects.Where(p => claimed > 0 && p.Id == next.ProjectId)
                    .ExecuteUpdateAsync(s => s.SetProperty(p => p.Status, JobStatuses.Running), token);
                areAnyTold = claimed > 0 && next.Started is null && await JobNotifications.AddAsync(db, next.Id, JobStatuses.Running, now, token);
                // Not taken: another host was faster, and whoever asks again sees what is left.
                return claimed > 0 ? new ProjectUpdateClaim(next.Id, next.ClaimEpoch + 1, next.Started ?? now) : null;
            },
            cancellationToken);
        notifications.Send(areAnyTold);
        return claim;
    }

    /// <summary>Which of the updates somebody wants to end.</summary>
    public Task<List<long>> ToCancelAsync(IReadOnlyCollection<long> running, CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => db.ProjectUpdates.Where(u => running.Contains(u.Id) && u.CanceledOn != null).Select(u => u.Id).ToListAsync(token),
        cancellationToken);

    public Task<ProjectUpdate?> FindAsync(ProjectUpdateClaim claim, CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => db.ProjectUpdates.AsNoTracking().Include(u => u.Project)
            .SingleOrDefaultAsync(u => u.Id == claim.UpdateId && u.ClaimEpoch == claim.Epoch, token),
        cancellationToken);

    /// <summary>Writes the end of an update, and what it means for its project, in one transaction; nothing when the claim is lost.</summary>
    public async Task FinishAsync(ProjectUpdateClaim claim, ProjectUpdateEnd end, CancellationToken cancellationToken)
    {
        var (now, areAnyTold) = (Now(), false);
        var elapsed = Math.Round((now - claim.Started).TotalSeconds, 3);
        var isFailed = end.Status != JobStatuses.Successful;
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                var finished = await db.ProjectUpdates
                    .Where(u => u.Id == claim.UpdateId && u.ClaimEpoch == claim.Epoch && u.Status == JobStatuses.Running)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(u => u.Status, end.Status)
                            .SetProperty(u => u.Failed, isFailed)
                            .SetProperty(u => u.Finished, now)
                            .SetProperty(u => u.ElapsedSeconds, elapsed)
                            .SetProperty(u => u.JobExplanation, end.Explanation)
                            .SetProperty(u => u.ScmRevision, end.Revision)
                            .SetProperty(u => u.EventProcessingFinished, true),
                        token);
                if (finished > 0)
                {
                    await FinishProjectAsync(db, claim.UpdateId, end, now, token);
                    areAnyTold = await JobNotifications.AddAsync(db, claim.UpdateId, end.Status, now, token);
                }
            },
            cancellationToken);
        notifications.Send(areAnyTold);
    }

    private static async Task FinishProjectAsync(AppDb db, long updateId, ProjectUpdateEnd end, DateTime now, CancellationToken cancellationToken)
    {
        var project = await db.Projects.SingleOrDefaultAsync(p => db.ProjectUpdates.Any(u => u.Id == updateId && u.ProjectId == p.Id), cancellationToken);
        if (project is null)
        {
            return;
        }

        var modified = project.Modified;
        project.Status = end.Status;
        project.LastUpdateFailed = end.Status != JobStatuses.Successful;
        project.LastUpdated = now;
        if (!project.LastUpdateFailed)
        {
            project.ScmRevision = end.Revision;
            project.PlaybookFiles = ProjectPlaybooks.Write(end.Playbooks);
        }

        // The moment of change is that of a user's last change.
        project.Modified = modified;
        db.Entry(project).Property(p => p.Modified).IsModified = true;
        await db.SaveChangesAsync(cancellationToken);
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}

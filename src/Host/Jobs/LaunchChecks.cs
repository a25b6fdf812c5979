using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Looks up what a launch refers to, and decides where it may run and how much it weighs.</summary>
internal sealed class LaunchChecks(PluginCatalog plugins)
{
    /// <summary>Settles what later changes of templates and groups must not touch: the organization, the weight, the groups.</summary>
    /// <param name="db">Read only.</param>
    /// <param name="job">The new job.</param>
    /// <param name="askedGroups">Exactly these groups, in this order; empty for those that the template, inventory and organization prefer.</param>
    /// <param name="passwords">Those that credentials ask for are taken out of it.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RunAsync(
        AppDb db, Job job, IReadOnlyList<long> askedGroups, GivenPasswords passwords, FieldErrors errors, CancellationToken cancellationToken)
    {
        var project = await FindAsync(db.Projects, job.ProjectId, "project", errors, cancellationToken);
        var inventory = await FindAsync(db.Inventories, job.InventoryId, "inventory", errors, cancellationToken);
        await FindAsync(db.ExecutionEnvironments, job.ExecutionEnvironmentId, "execution_environment", errors, cancellationToken);
        var template = job.JobTemplateId is { } id
            ? await db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancellationToken)
            : null;
        await LaunchCredentials.CheckAsync(db, job, passwords, errors, cancellationToken);
        await CheckLabelsAsync(db, job, errors, cancellationToken);
        if (job is { ProjectId: null, JobType: not JobTypes.Command } and not AdHocCommand)
        {
            errors.AddPlain("project", "A project is required to run a job.");
        }

        if (project is { Status: JobStatuses.Failed or JobStatuses.Error, ScmUpdateOnLaunch: false })
        {
            errors.AddPlain("playbook", "Missing a revision to run due to failed project update.");
        }

        if (inventory?.PendingDeletion == true)
        {
            var what = job is AdHocCommand ? "ad hoc command" : "Job Template";
            errors.Add("inventory", $"The inventory associated with this {what} is being deleted.");
        }

        job.OrganizationId = template?.OrganizationId ?? project?.OrganizationId ?? inventory?.OrganizationId;
        var groups = await PreferredGroups.ResolveAsync(db, askedGroups, template, inventory, job.OrganizationId, cancellationToken);
        await CheckGroupsAsync(db, groups, errors, cancellationToken);
        job.PreferredInstanceGroups.Clear();
        job.PreferredInstanceGroups.AddRange(groups.Select((group, i) => new JobInstanceGroup { InstanceGroupId = group, Position = i }));
        var hosts = inventory is null ? (int?)null : await db.Hosts.CountAsync(h => h.InventoryId == inventory.Id, cancellationToken);
        job.TaskImpact = TaskImpacts.Of(job, hosts);
    }

    private static async Task<T?> FindAsync<T>(IQueryable<T> rows, long? id, string field, FieldErrors errors, CancellationToken cancellationToken)
        where T : Entity
    {
        if (id is null)
        {
            return null;
        }

        var row = await rows.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
        if (row is null)
        {
            errors.Add(field, $"Invalid pk \"{id}\" - object does not exist.");
        }

        return row;
    }

    private static async Task CheckLabelsAsync(AppDb db, Job job, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (job.Labels.Count == 0)
        {
            return;
        }

        var ids = job.Labels.Select(place => place.LabelId).ToList();
        foreach (var unknown in ids.Except(await db.Labels.Where(label => ids.Contains(label.Id)).Select(label => label.Id).ToListAsync(cancellationToken)))
        {
            errors.Add(LaunchPrompts.Labels.Field, $"Invalid pk \"{unknown}\" - object does not exist.");
        }
    }

    /// <summary>A group whose backend is missing now may be usable later; a launch that no group could ever run is refused.</summary>
    private async Task CheckGroupsAsync(AppDb db, IReadOnlyList<long> ids, FieldErrors errors, CancellationToken cancellationToken)
    {
        var groups = await db.InstanceGroups.AsNoTracking().Where(g => ids.Contains(g.Id)).ToListAsync(cancellationToken);
        foreach (var id in ids.Except(groups.Select(g => g.Id)))
        {
            errors.Add("instance_groups", $"Invalid pk \"{id}\" - object does not exist.");
        }

        if (ids.Count == 0)
        {
            errors.Add("instance_groups", $"No instance group is named, preferred, or called {InstanceGroup.DefaultName}.");
        }

        if (groups.Count > 0 && groups.All(g => !plugins.TryGetBackend(g.EffectiveBackend, out _)))
        {
            var backends = string.Join(", ", groups.Select(g => $"'{g.Name}' needs {g.EffectiveBackend}").Distinct());
            errors.Add("instance_groups", $"No active plugin can run jobs of these instance groups: {backends}. See /api/v2/plugins/.");
        }
    }
}

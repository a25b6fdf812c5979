using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access;

/// <summary>Which rows a caller may see, one rule per entity. Every read, whatever its protocol, goes through these.</summary>
internal static class Visibility
{
    public static IQueryable<Organization> VisibleTo(this IQueryable<Organization> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Role<Organization>(db, caller, ObjectRole.OrganizationRead));

    /// <summary>Who looks after an organization finds everybody, to take them in; others find those of their own organizations, and
    /// whom to turn to.</summary>
    public static IQueryable<User> VisibleTo(this IQueryable<User> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var me = caller.UserId;
        var lookedAfter = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        var readable = db.Organizations.VisibleTo(db, caller).Select(organization => organization.Id);
        return rows.Where(user => user.Id == me || user.IsSuperuser || lookedAfter.Any()
            || user.Roles.Any(grant => (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin)
                && readable.Contains(grant.ObjectId)));
    }

    public static IQueryable<Team> VisibleTo(this IQueryable<Team> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var memberOf = Held.Objects(db, caller, RoleRules.Of(ObjectRole.OrganizationMember).OnObject);
        return rows.Where(Held.Either(
            Held.Role<Team>(db, caller, ObjectRole.TeamRead), team => memberOf.Contains(team.OrganizationId)));
    }

    /// <summary>Roles tell what objects are called: those of objects that the caller may see.</summary>
    public static IQueryable<Role> VisibleTo(this IQueryable<Role> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = db.Organizations.VisibleTo(db, caller).Select(row => row.Id);
        var teams = db.Teams.VisibleTo(db, caller).Select(row => row.Id);
        var projects = db.Projects.VisibleTo(db, caller).Select(row => row.Id);
        var inventories = db.Inventories.VisibleTo(db, caller).Select(row => row.Id);
        var templates = db.JobTemplates.VisibleTo(db, caller).Select(row => row.Id);
        var credentials = db.Credentials.VisibleTo(db, caller).Select(row => row.Id);
        var groups = db.InstanceGroups.VisibleTo(db, caller).Select(row => row.Id);
        return rows.Where(role =>
            role.ContentType == ObjectKinds.System
            || (role.ContentType == ObjectKinds.Organization && organizations.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.Team && teams.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.Project && projects.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.Inventory && inventories.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.JobTemplate && templates.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.Credential && credentials.Contains(role.ObjectId))
            || (role.ContentType == ObjectKinds.InstanceGroup && groups.Contains(role.ObjectId)));
    }

    public static IQueryable<Instance> VisibleTo(this IQueryable<Instance> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var groups = db.InstanceGroups.VisibleTo(db, caller).Select(group => group.Id);
        return rows.Where(instance => instance.InstanceGroups.Any(member => groups.Contains(member.InstanceGroupId)));
    }

    public static IQueryable<InstanceGroup> VisibleTo(this IQueryable<InstanceGroup> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Role<InstanceGroup>(db, caller, ObjectRole.InstanceGroupRead));

    /// <summary>Types hold no secret, and who makes a credential has to find them.</summary>
    public static IQueryable<CredentialType> VisibleTo(this IQueryable<CredentialType> rows, AppDb db, Caller caller) => rows;

    public static IQueryable<Credential> VisibleTo(this IQueryable<Credential> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Credential(db, caller, ObjectRole.CredentialRead));

    /// <summary>Those of no organization are everybody's.</summary>
    public static IQueryable<ExecutionEnvironment> VisibleTo(this IQueryable<ExecutionEnvironment> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var readable = db.Organizations.VisibleTo(db, caller).Select(organization => organization.Id);
        return rows.Where(environment => environment.OrganizationId == null || readable.Contains(environment.OrganizationId.Value));
    }

    public static IQueryable<Project> VisibleTo(this IQueryable<Project> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Role<Project>(db, caller, ObjectRole.ProjectRead));

    public static IQueryable<Inventory> VisibleTo(this IQueryable<Inventory> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Role<Inventory>(db, caller, ObjectRole.InventoryRead));

    public static IQueryable<InventoryHost> VisibleTo(this IQueryable<InventoryHost> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Through((InventoryHost host) => host.Inventory, Held.Role<Inventory>(db, caller, ObjectRole.InventoryRead)));

    public static IQueryable<InventoryGroup> VisibleTo(this IQueryable<InventoryGroup> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Through((InventoryGroup group) => group.Inventory, Held.Role<Inventory>(db, caller, ObjectRole.InventoryRead)));

    public static IQueryable<JobTemplate> VisibleTo(this IQueryable<JobTemplate> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        // Who audits the inventory's organization sees what is run on it.
        var audited = Held.Objects(db, caller, ObjectRole.OrganizationAuditor);
        var inventories = db.Inventories.Where(inventory => audited.Contains(inventory.OrganizationId)).Select(inventory => inventory.Id);
        return rows.Where(Held.Either(
            Held.Role<JobTemplate>(db, caller, ObjectRole.JobTemplateRead),
            template => template.InventoryId != null && inventories.Contains(template.InventoryId.Value)));
    }

    /// <summary>Those of organizations that the caller may see, and those on templates that he may see.</summary>
    public static IQueryable<Label> VisibleTo(this IQueryable<Label> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = db.Organizations.VisibleTo(db, caller).Select(organization => organization.Id);
        var templates = db.JobTemplates.VisibleTo(db, caller).Select(template => template.Id);
        return rows.Where(label => organizations.Contains(label.OrganizationId)
            || label.JobTemplates.Any(place => templates.Contains(place.JobTemplateId)));
    }

    /// <summary>Those of organizations that the caller looks after: they say where data goes, and with which headers.</summary>
    public static IQueryable<NotificationTemplate> VisibleTo(this IQueryable<NotificationTemplate> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        return rows.Where(template => organizations.Contains(template.OrganizationId));
    }

    /// <summary>With their templates.</summary>
    public static IQueryable<Notification> VisibleTo(this IQueryable<Notification> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var templates = db.NotificationTemplates.VisibleTo(db, caller).Select(template => template.Id);
        return rows.Where(notification => templates.Contains(notification.NotificationTemplateId));
    }

    /// <summary>With what they launch or update.</summary>
    public static IQueryable<Schedule> VisibleTo(this IQueryable<Schedule> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var templates = db.JobTemplates.VisibleTo(db, caller).Select(template => template.Id);
        var projects = db.Projects.VisibleTo(db, caller).Select(project => project.Id);
        return rows.Where(schedule => templates.Contains(schedule.JobTemplateId!.Value) || projects.Contains(schedule.ProjectId!.Value));
    }

    public static IQueryable<UnifiedJob> VisibleTo(this IQueryable<UnifiedJob> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var me = caller.UserId;
        var organizations = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        var templates = db.JobTemplates.VisibleTo(db, caller).Select(template => template.Id);
        var projects = db.Projects.VisibleTo(db, caller).Select(project => project.Id);
        var inventories = db.Inventories.VisibleTo(db, caller).Select(inventory => inventory.Id);
        return rows.Where(job => organizations.Contains(job.OrganizationId!.Value)
            || templates.Contains(((Job)job).JobTemplateId!.Value)
            || projects.Contains(((ProjectUpdate)job).ProjectId)
            || (job is AdHocCommand && inventories.Contains(((AdHocCommand)job).InventoryId!.Value))
            || (job is Job && !(job is AdHocCommand) && ((Job)job).JobTemplateId == null && job.CreatedById == me));
    }

    /// <summary>With the inventory that it ran on.</summary>
    public static IQueryable<AdHocCommand> VisibleTo(this IQueryable<AdHocCommand> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        var inventories = db.Inventories.VisibleTo(db, caller).Select(inventory => inventory.Id);
        return rows.Where(command => organizations.Contains(command.OrganizationId!.Value) || inventories.Contains(command.InventoryId!.Value));
    }

    public static IQueryable<Job> VisibleTo(this IQueryable<Job> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(JobCondition(db, caller));

    public static IQueryable<ProjectUpdate> VisibleTo(this IQueryable<ProjectUpdate> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        var projects = db.Projects.VisibleTo(db, caller).Select(project => project.Id);
        return rows.Where(update => organizations.Contains(update.OrganizationId!.Value) || projects.Contains(update.ProjectId));
    }

    public static IQueryable<JobEvent> VisibleTo(this IQueryable<JobEvent> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Through((JobEvent row) => row.Job, JobCondition(db, caller)));

    public static IQueryable<JobHostSummary> VisibleTo(this IQueryable<JobHostSummary> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Through((JobHostSummary row) => row.Job, JobCondition(db, caller)));

    public static IQueryable<JobPhase> VisibleTo(this IQueryable<JobPhase> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(Held.Through((JobPhase row) => row.Job, JobCondition(db, caller)));

    /// <summary>Which plugins a server has, and what is wrong with them, is for those who look after it.</summary>
    public static IQueryable<PluginStatus> VisibleTo(this IQueryable<PluginStatus> rows, AppDb db, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(_ => false);

    /// <summary>By the job's template, or by its organization; what was launched without a template is its launcher's too, but for an ad hoc
    /// command, which goes with its inventory.</summary>
    private static Expression<Func<Job, bool>> JobCondition(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        var organizations = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        var templates = db.JobTemplates.VisibleTo(db, caller).Select(template => template.Id);
        var inventories = db.Inventories.VisibleTo(db, caller).Select(inventory => inventory.Id);
        return job => organizations.Contains(job.OrganizationId!.Value)
            || templates.Contains(job.JobTemplateId!.Value)
            || (job is AdHocCommand && inventories.Contains(job.InventoryId!.Value))
            || (!(job is AdHocCommand) && job.JobTemplateId == null && job.CreatedById == me);
    }
}

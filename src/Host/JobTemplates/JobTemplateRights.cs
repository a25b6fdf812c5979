using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>Who makes a template: whoever may use its project, and what else it names. It is its maker's from then on.</summary>
internal static class JobTemplateRights
{
    public static void AddTo(ResourceBuilder<JobTemplate> builder)
    {
        builder.Access.Creation = call => call.Catalog.Get<Project>().AllowsAnyAsync(call.Db, call.Caller, Right.UseRole, call.Cancellation);
        builder.Access.Writes.Add(HasProject);
        builder.Rules.AfterSave.Add(GiveToMakerAsync);
    }

    /// <summary>What belongs to no project belongs to no organization: it is for the administrators of the system.</summary>
    private static Task<bool> HasProject(Write<JobTemplate> write, CancellationToken cancellationToken) =>
        Task.FromResult(write.Entity.ProjectId is not null || write.Errors.Has("project") || (!write.Creating && !write.Changes(x => x.ProjectId)));

    private static Task GiveToMakerAsync(Write<JobTemplate> write, CancellationToken cancellationToken)
    {
        if (write is { Creating: true, Call.Caller: { IsSuperuser: false } caller })
        {
            write.Db.RoleGrants.Add(RoleGrant.ToUser(ObjectRole.JobTemplateAdmin, write.Entity.Id, caller.UserId));
        }

        return Task.CompletedTask;
    }
}

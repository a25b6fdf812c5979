using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Project updates: shown, canceled, deleted when they have ended.</summary>
internal sealed class ProjectUpdatesController(ProjectUpdates updates, TimeProvider clock) : IResourceController
{
    private static readonly (string, string)[] Statuses =
    [
        ("new", "New"), ("pending", "Pending"), ("waiting", "Waiting"), ("running", "Running"),
        ("successful", "Successful"), ("failed", "Failed"), ("error", "Error"), ("canceled", "Canceled"),
    ];

    private static readonly (string, string)[] LaunchTypeChoices =
        [(LaunchTypes.Manual, "Manual"), (LaunchTypes.Dependency, "Dependency"), (LaunchTypes.Sync, "Sync"), (LaunchTypes.Scheduled, "Scheduled")];

    private static readonly Loader<ProjectUpdate> Sources = new(async (page, cancellationToken) => await LoadSourcesAsync(page, cancellationToken));

    public Resource Describe()
    {
        var builder = new ResourceBuilder<ProjectUpdate>(
                "project_updates", "project_update", (db, caller) => db.ProjectUpdates.VisibleTo(db, caller))
            .Methods(ResourceMethods.Delete)
            .Common()
            .Authors()
            .ReadOnly(x => x.Name)
            .ReadOnly(x => x.Description)
            .Computed("unified_job_template", FieldKind.Id, row => row.ProjectId)
            .ReadOnly(x => x.LaunchType, field => (field.Kind, field.Choices) = (FieldKind.Choice, LaunchTypeChoices))
            .ReadOnly(x => x.Status, field => (field.Kind, field.Choices) = (FieldKind.Choice, Statuses))
            .Computed("execution_environment", FieldKind.Id, _ => null)
            .ReadOnly(x => x.Failed)
            .ReadOnly(x => x.Started)
            .ReadOnly(x => x.Finished)
            .ReadOnly(x => x.CanceledOn);
        AddRun(builder);
        AddSource(builder);
        builder
            .Allow([Right.Delete], (db, caller) => OfProject(db, caller, ObjectRole.ProjectAdmin))
            .Allow([Right.Start], (db, caller) => OfProject(db, caller, ObjectRole.ProjectUpdate))
            .Allow([Right.Cancel], MayCancel)
            .Capabilities(Right.Start, Right.Delete)
            .Summary("id", "name", "description", "status", "failed", "elapsed")
            .OrderBy("id")
            .LaunchedBySchedule()
            .Notifications()
            .Related("stdout", (row, page) => $"{page.Resource.UrlOf(row.Id)}stdout/")
            .Action(new ResourceAction<ProjectUpdate>("cancel") { Get = CanCancelAsync, Post = CancelAsync, Needs = Right.Cancel });
        builder.Rules.BeforeDelete.Add((removal, _) => ActiveJobs.Statuses.Contains(removal.Entity.Status)
            ? throw ApiException.Forbidden("Cannot delete running job resource.")
            : Task.CompletedTask);
        return builder.Build();
    }

    private static Expression<Func<ProjectUpdate, bool>> OfProject(AppDb db, Caller caller, ObjectRole role) =>
        Held.Through((ProjectUpdate update) => update.Project, Held.Role<Project>(db, caller, role));

    private static Expression<Func<ProjectUpdate, bool>> MayCancel(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        return Held.Either(update => update.CreatedById == me, OfProject(db, caller, ObjectRole.ProjectAdmin));
    }

    private void AddRun(ResourceBuilder<ProjectUpdate> builder) => builder
        .Field("elapsed", x => x.ElapsedSeconds, field =>
        {
            field.ReadOnly = true;
            field.Value = (row, _) => row is { Started: { } started, Finished: null }
                ? Math.Round((clock.GetUtcNow().UtcDateTime - started).TotalSeconds, 3)
                : row.ElapsedSeconds;
        })
        .Computed("job_args", FieldKind.String, _ => "", field => field.DetailOnly = true)
        .Computed("job_cwd", FieldKind.String, _ => "", field => field.DetailOnly = true)
        .Computed("job_env", FieldKind.Json, _ => new RawJson("{}"), field => field.DetailOnly = true)
        .ReadOnly(x => x.JobExplanation)
        .ReadOnly(x => x.ExecutionNode)
        .ReadOnly(x => x.ResultTraceback, field => field.DetailOnly = true)
        .ReadOnly(x => x.EventProcessingFinished, field => field.DetailOnly = true)
        .Computed("work_unit_id", FieldKind.String, _ => null)
        .Reference<Organization>(x => x.OrganizationId, field => field.ReadOnly = true);

    private static void AddSource(ResourceBuilder<ProjectUpdate> builder)
    {
        Source("local_path", FieldKind.String, project => project.LocalPath);
        Source("scm_type", FieldKind.String, project => project.ScmType);
        Source("scm_url", FieldKind.String, project => project.ScmUrl);
        Source("scm_branch", FieldKind.String, project => project.ScmBranch);
        Source("scm_refspec", FieldKind.String, project => project.ScmRefspec);
        Source("scm_clean", FieldKind.Boolean, project => project.ScmClean);
        Source("scm_track_submodules", FieldKind.Boolean, project => project.ScmTrackSubmodules);
        Source("scm_delete_on_update", FieldKind.Boolean, project => project.ScmDeleteOnUpdate);
        builder.Computed("credential", FieldKind.Id, _ => null)
            .ReadOnly(x => x.Timeout)
            .ReadOnly(x => x.ScmRevision)
            .Reference<Project>(x => x.ProjectId, field => field.ReadOnly = true)
            .Computed("job_type", FieldKind.String, _ => JobTypes.Check)
            .Computed("job_tags", FieldKind.String, _ => "");

        void Source(string name, FieldKind kind, Func<Project, object?> value) => builder.Computed(
            name, kind, Sources, (ProjectUpdate row, IReadOnlyDictionary<long, Project> all) => all.TryGetValue(row.ProjectId, out var p) ? value(p) : null);
    }

    private static async Task<IReadOnlyDictionary<long, Project>> LoadSourcesAsync(LoadContext<ProjectUpdate> page, CancellationToken cancellationToken)
    {
        var ids = page.Rows.Select(row => row.ProjectId).Distinct().ToList();
        return await page.Db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellationToken);
    }

    private static async Task CanCancelAsync(ApiCall call, ProjectUpdate update)
    {
        var may = await call.Catalog.Get<ProjectUpdate>().AllowsAsync(call, update.Id, Right.Cancel);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_cancel", may && ActiveJobs.Statuses.Contains(update.Status)));
    }

    private async Task CancelAsync(ApiCall call, ProjectUpdate update)
    {
        if (!await updates.CancelAsync(update.Id, call.Cancellation))
        {
            throw ApiException.MethodNotAllowed("POST");
        }

        await call.AnswerNoContentAsync(StatusCodes.Status202Accepted);
    }
}

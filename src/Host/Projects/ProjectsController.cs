using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Projects, their updates and archives.</summary>
internal sealed class ProjectsController(
    ProjectValidator validator, ProjectWrites writes, ProjectUpdates updates, ProjectPlaybooks playbooks, ArchiveUploads uploads) : IResourceController
{
    private static readonly (string, string)[] Kinds =
        [(ScmTypes.Manual, "Manual"), (ScmTypes.Git, "Git"), (ScmTypes.Archive, "Remote Archive")];

    private static readonly (string, string)[] Statuses =
    [
        ("new", "New"), ("pending", "Pending"), ("waiting", "Waiting"), ("running", "Running"), ("successful", "Successful"),
        ("failed", "Failed"), ("error", "Error"), ("canceled", "Canceled"), ("never updated", "Never Updated"), ("ok", "OK"), ("missing", "Missing"),
    ];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<Project>("projects", "project", (db, caller) => db.Projects.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description);
        AddSource(builder);
        AddState(builder);
        builder
            .Roles(ObjectKinds.Project, Held.Role<Project>)
            .AllowBy(ObjectRole.ProjectAdmin, Right.Edit, Right.Delete, Right.Copy)
            .AllowBy(ObjectRole.ProjectUpdate, Right.Start, Right.Schedule)
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.ProjectAdminRole)
            .Capabilities(Right.Edit, Right.Delete, Right.Start, Right.Schedule, Right.Copy)
            .Summary("id", "name", "description", "status", "scm_type", "allow_override")
            .Recorded()
            .Copied(ProjectCopy.FillAsync)
            .NamedBy("name", ["organization"])
            .OrderBy("id")
            .NotificationTemplates()
            .SubList<ProjectUpdate>("project_updates", (_, id) => update => update.ProjectId == id)
            .SubList<Schedule>("schedules", (_, id) => schedule => schedule.ProjectId == id, "project")
            .SubList<JobTemplate>("job_templates", (_, id) => template => template.ProjectId == id)
            .Action(new ResourceAction<Project>("playbooks") { Get = PlaybooksAsync })
            .Action(new ResourceAction<Project>("update") { Get = CanUpdateAsync, Post = UpdateAsync, Needs = Right.Start })
            .Action(new ResourceAction<Project>("archive") { Put = TakeArchiveAsync });
        builder.Rules.UniqueTogether.Add(["name", "organization"]);
        builder.Rules.Validators.Add(validator);
        writes.AddTo(builder.Rules);
        builder.Rules.BeforeDelete.Add(RefuseWhileInUseAsync);
        return builder.Build();
    }

    private static void AddSource(ResourceBuilder<Project> builder) => builder
        .Field(x => x.LocalPath, field =>
        {
            field.MaxLength = 1024;
            field.HelpText = "Local path (relative to PROJECTS_ROOT) containing playbooks and related files for this project.";
        })
        .Field(x => x.ScmType, field =>
        {
            (field.Kind, field.Choices) = (FieldKind.Choice, Kinds);
            field.HelpText = "Specifies the source control system used to store the project.";
        })
        .Field(x => x.ScmUrl, field => (field.MaxLength, field.HelpText) = (1024, "The location where the project is stored."))
        .Field(x => x.ScmBranch, field => (field.MaxLength, field.HelpText) = (256, "Specific branch, tag or commit to checkout."))
        .Field(x => x.ScmRefspec, field => (field.MaxLength, field.HelpText) = (1024, "For git projects, an additional refspec to fetch."))
        .Field(x => x.ScmClean)
        .Field(x => x.ScmTrackSubmodules)
        .Field(x => x.ScmDeleteOnUpdate)
        .Reference<Credential>(x => x.CredentialId, field => field.Needs = Right.UseRole)
        .Field(x => x.Timeout, field => field.HelpText = "The amount of time (in seconds) to run before the task is canceled.")
        .ReadOnly(x => x.ScmRevision, field => field.HelpText = "The last revision fetched by a project update");

    private static void AddState(ResourceBuilder<Project> builder) => builder
        .Computed("last_job_run", FieldKind.DateTime, row => row.LastUpdated)
        .Computed("last_job_failed", FieldKind.Boolean, row => row.LastUpdateFailed)
        .Computed(
            "next_job_run", FieldKind.DateTime, NextRuns.OfProjects,
            (Project row, IReadOnlyDictionary<long, DateTime?> next) => next.GetValueOrDefault(row.Id))
        .ReadOnly(x => x.Status, field => (field.Kind, field.Choices) = (FieldKind.Choice, Statuses))
        .Reference<Organization>(x => x.OrganizationId)
        .Field(x => x.ScmUpdateOnLaunch)
        .Field(x => x.ScmUpdateCacheTimeout)
        .Field(x => x.AllowOverride)
        .Computed("custom_virtualenv", FieldKind.String, _ => null)
        .Reference<ExecutionEnvironment>(x => x.DefaultEnvironmentId, null, "id", "name", "description", "image")
        .Computed("signature_validation_credential", FieldKind.Id, _ => null)
        .ReadOnly(x => x.LastUpdateFailed)
        .ReadOnly(x => x.LastUpdated);

    private async Task PlaybooksAsync(ApiCall call, Project project)
    {
        var found = await playbooks.FindAsync(project, call.Cancellation) ?? [];
        await call.AnswerAsync(StatusCodes.Status200OK, writer => JsonValues.Write(writer, found));
    }

    private static async Task CanUpdateAsync(ApiCall call, Project project)
    {
        var may = await call.Catalog.Get<Project>().AllowsAsync(call, project.Id, Right.Start);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_update", may && project.ScmType == ScmTypes.Git));
    }

    private async Task UpdateAsync(ApiCall call, Project project)
    {
        var id = await updates.RequestAsync(project.Id, LaunchTypes.Manual, call.Caller.UserId, call.Cancellation)
            ?? throw ApiException.MethodNotAllowed("POST");
        var resource = call.Catalog.Get<ProjectUpdate>();
        var update = await resource.VisibleRows(call.Db, call.Caller).AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, call.Cancellation)
            ?? throw ApiException.NoMatch("ProjectUpdate");
        call.Http.Response.Headers.Location = resource.UrlOf(id);
        await call.AnswerRowAsync(
            StatusCodes.Status202Accepted, resource, update, writeExtra: writer => writer.WriteNumber("project_update", id));
    }

    private async Task TakeArchiveAsync(ApiCall call, Project project)
    {
        if (project.ScmType != ScmTypes.Archive)
        {
            throw ApiException.Invalid("scm_type", "Only projects of the type archive take archives.");
        }

        // The upload counts its bytes itself, and says what is wrong.
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        try
        {
            _ = await uploads.TakeAsync(project.Id, call.Http.Request.Body, call.Cancellation) ?? throw ApiException.NoMatch("Project");
        }
        catch (ArchiveRefusedException e)
        {
            throw ApiException.Invalid("archive", e.Message);
        }

        var taken = await call.Db.Projects.AsNoTracking().SingleAsync(p => p.Id == project.Id, call.Cancellation);
        await call.AnswerRowAsync(StatusCodes.Status200OK, call.Catalog.Get<Project>(), taken);
    }

    private static async Task RefuseWhileInUseAsync(Removal<Project> removal, CancellationToken cancellationToken)
    {
        var id = removal.Entity.Id;
        var jobs = removal.Db.Jobs.Where(job => job.ProjectId == id).Select(job => job.Id);
        var updates = removal.Db.ProjectUpdates.Where(update => update.ProjectId == id).Select(update => update.Id);
        var active = await removal.Db.UnifiedJobs.AsNoTracking()
            .Where(job => (jobs.Contains(job.Id) || updates.Contains(job.Id)) && ActiveJobs.Statuses.Contains(job.Status))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(ActiveJobs.MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }
    }
}

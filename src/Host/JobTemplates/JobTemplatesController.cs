using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>Job templates.</summary>
internal sealed class JobTemplatesController(JobTemplateChecks checks) : IResourceController
{
    private static readonly (string, string)[] JobTypeChoices = [(JobTypes.Run, "Run"), (JobTypes.Check, "Check"), (JobTypes.Command, "Command")];

    private static readonly (string, string)[] Verbosities =
    [
        ("0", "0 (Normal)"), ("1", "1 (Verbose)"), ("2", "2 (More Verbose)"), ("3", "3 (Debug)"), ("4", "4 (Connection Debug)"), ("5", "5 (WinRM Debug)"),
    ];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<JobTemplate>("job_templates", "job_template", (db, caller) => db.JobTemplates.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description);
        AddRecipe(builder);
        AddState(builder);
        AddPrompts(builder);
        AddSummary(builder);
        builder
            .Recorded()
            .Copied(JobTemplateCopy.FillAsync)
            .NamedBy("name", ["organization"], parentsOptional: true)
            .OrderBy("name")
            .Credentials()
            .Labels()
            .Survey()
            .NotificationTemplates()
            .Relation("instance_groups", x => x.InstanceGroups.Select(place => place.InstanceGroup))
            .SubList<Job>("jobs", (_, id) => job => job.JobTemplateId == id)
            .SubList<Schedule>("schedules", (_, id) => schedule => schedule.JobTemplateId == id, "unified_job_template")
            .Related("launch", (row, page) => $"{page.Resource.UrlOf(row.Id)}launch/")
            .PreferredInstanceGroups<JobTemplate, JobTemplateInstanceGroup>(
                id => place => place.JobTemplateId == id, id => new JobTemplateInstanceGroup { JobTemplateId = id });
        JobTemplateRights.AddTo(builder);
        builder.Rules.UniqueTogether.Add(["name", "organization"]);
        builder.Rules.Validators.Add(new JobTemplateValidator());
        builder.Rules.Checks.Add(checks.CheckAsync);
        builder.Rules.BeforeDelete.Add(RefuseWhileInUseAsync);
        return builder.Build();
    }

    private static void AddRecipe(ResourceBuilder<JobTemplate> builder) => builder
        .Field(x => x.JobType, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, JobTypeChoices, false))
        .Reference<Inventory>(x => x.InventoryId, field => field.Needs = Right.UseRole)
        .Reference<Project>(x => x.ProjectId, field => field.Needs = Right.UseRole)
        .Field(x => x.Playbook, field => field.MaxLength = 1024)
        .Json(x => x.Command, FieldKind.StringList, field => field.HelpText = "The program to run and its arguments, for templates of the type command.")
        .Field(x => x.ScmBranch, field => (field.MaxLength, field.HelpText) = (1024, "Branch to use in job run. Project default used if blank."))
        .Field(x => x.Forks, field => field.Min = 0)
        .Field(x => x.Limit)
        .Field(x => x.Verbosity, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, Verbosities, false))
        .Field(x => x.ExtraVars)
        .Field(x => x.JobTags)
        .Field(x => x.ForceHandlers)
        .Field(x => x.SkipTags)
        .Field(x => x.StartAtTask, field => field.MaxLength = 1024)
        .Field(x => x.Timeout, field => field.HelpText = "The amount of time (in seconds) to run before the task is canceled.")
        .Field(x => x.UseFactCache)
        .Reference<Organization>(x => x.OrganizationId, field => field.ReadOnly = true);

    private static void AddState(ResourceBuilder<JobTemplate> builder) => builder
        .Computed("last_job_run", FieldKind.DateTime, RecentJobs.Loader, (JobTemplate row, RecentJobs jobs) => jobs.LastRun(row))
        .Computed("last_job_failed", FieldKind.Boolean, RecentJobs.Loader, (JobTemplate row, RecentJobs jobs) => jobs.LastFailed(row))
        .Computed(
            "next_job_run", FieldKind.DateTime, NextRuns.OfTemplates,
            (JobTemplate row, IReadOnlyDictionary<long, DateTime?> next) => next.GetValueOrDefault(row.Id))
        .Computed("status", FieldKind.String, RecentJobs.Loader, (JobTemplate row, RecentJobs jobs) => jobs.Status(row))
        .Reference<ExecutionEnvironment>(x => x.ExecutionEnvironmentId, null, "id", "name", "description", "image")
        .Field(x => x.HostConfigKey, field => (field.MaxLength, field.Sensitive, field.Secret) = (1024, true, true));

    private static void AddPrompts(ResourceBuilder<JobTemplate> builder) => builder
        .Field(x => x.AskScmBranchOnLaunch)
        .Field(x => x.AskDiffModeOnLaunch)
        .Field(x => x.AskVariablesOnLaunch)
        .Field(x => x.AskLimitOnLaunch)
        .Field(x => x.AskTagsOnLaunch)
        .Field(x => x.AskSkipTagsOnLaunch)
        .Field(x => x.AskJobTypeOnLaunch)
        .Field(x => x.AskVerbosityOnLaunch)
        .Field(x => x.AskInventoryOnLaunch)
        .Field(x => x.AskCredentialOnLaunch)
        .Field(x => x.AskExecutionEnvironmentOnLaunch)
        .Field(x => x.AskLabelsOnLaunch)
        .Field(x => x.AskForksOnLaunch)
        .Field(x => x.AskJobSliceCountOnLaunch)
        .Field(x => x.AskTimeoutOnLaunch)
        .Field(x => x.AskInstanceGroupsOnLaunch)
        .Field(x => x.SurveyEnabled)
        .Field(x => x.BecomeEnabled)
        .Field(x => x.DiffMode)
        .Field(x => x.AllowSimultaneous)
        .Computed("unified_job_type", FieldKind.String, _ => "job", field => field.Hidden = true)
        .Computed("custom_virtualenv", FieldKind.String, _ => null)
        .Field(x => x.JobSliceCount, field => field.Min = 0)
        .Computed("webhook_service", FieldKind.String, _ => "")
        .Computed("webhook_credential", FieldKind.Id, _ => null)
        .Field(x => x.PreventInstanceGroupFallback);

    private static void AddSummary(ResourceBuilder<JobTemplate> builder) => builder
        .SummaryPart("resolved_environment", ResolvedEnvironment.Loader, (JobTemplate row, IReadOnlyDictionary<long, ResolvedEnvironment> all) =>
            all.GetValueOrDefault(row.Id)?.Shown)
        .SummaryPart("last_job", RecentJobs.Loader, (JobTemplate row, RecentJobs jobs) => jobs.LastJob(row))
        .SummaryPart("recent_jobs", RecentJobs.Loader, (JobTemplate row, RecentJobs jobs) => jobs.Summary(row))
        .Roles(ObjectKinds.JobTemplate, Held.Role<JobTemplate>)
        .AllowBy(ObjectRole.JobTemplateAdmin, Right.Edit, Right.Delete, Right.Copy)
        .AllowBy(ObjectRole.JobTemplateExecute, Right.Start, Right.Schedule)
        .Capabilities(Right.Edit, Right.Delete, Right.Start, Right.Schedule, Right.Copy);

    private static async Task RefuseWhileInUseAsync(Removal<JobTemplate> removal, CancellationToken cancellationToken)
    {
        var active = await removal.Db.Jobs.AsNoTracking()
            .Where(job => job.JobTemplateId == removal.Entity.Id && ActiveJobs.Statuses.Contains(job.Status))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(ActiveJobs.MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }
    }
}

using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>The fields of jobs of all kinds, in AWX's order.</summary>
internal static class JobFields
{
    private static readonly (string, string)[] Statuses =
    [
        ("new", "New"), ("pending", "Pending"), ("waiting", "Waiting"), ("running", "Running"),
        ("successful", "Successful"), ("failed", "Failed"), ("error", "Error"), ("canceled", "Canceled"),
    ];

    private static readonly (string, string)[] LaunchTypeChoices =
    [
        ("manual", "Manual"), ("relaunch", "Relaunch"), ("callback", "Callback"), ("scheduled", "Scheduled"), ("dependency", "Dependency"),
        ("workflow", "Workflow"), ("webhook", "Webhook"), ("sync", "Sync"), ("scm", "SCM Update"),
    ];

    private static readonly (string, string)[] JobTypeChoices = [("run", "Run"), ("check", "Check"), ("command", "Command")];

    public static readonly (string, string)[] Verbosities =
    [
        ("0", "0 (Normal)"), ("1", "1 (Verbose)"), ("2", "2 (More Verbose)"), ("3", "3 (Debug)"), ("4", "4 (Connection Debug)"), ("5", "5 (WinRM Debug)"),
    ];

    /// <summary>For the summaries of what happened in jobs.</summary>
    private static readonly Loader<Job> TemplateNames = new(async (page, token) =>
    {
        var ids = page.Rows.Select(job => job.JobTemplateId).OfType<long>().Distinct().ToList();
        IReadOnlyDictionary<long, string> names = await page.Db.JobTemplates.VisibleTo(page.Db, page.Caller).Where(row => ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Name, token);
        return names;
    });

    /// <summary>What jobs of playbooks and commands have in a list of jobs of all kinds.</summary>
    public static ResourceBuilder<T> AddUnified<T>(ResourceBuilder<T> builder, TimeProvider clock)
        where T : UnifiedJob
    {
        builder
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description);
        return AddRun(builder, clock)
            .Reference<Organization>(x => x.OrganizationId, field => field.ReadOnly = true)
            .LaunchedBySchedule();
    }

    /// <summary>What every kind of job shows of its run.</summary>
    public static ResourceBuilder<T> AddRun<T>(ResourceBuilder<T> builder, TimeProvider clock)
        where T : UnifiedJob => builder
        .ReadOnly(x => x.LaunchType, field => (field.Kind, field.Choices) = (FieldKind.Choice, LaunchTypeChoices))
        .ReadOnly(x => x.Status, field => (field.Kind, field.Choices) = (FieldKind.Choice, Statuses))
        .Reference<ExecutionEnvironment>(x => x.ExecutionEnvironmentId, null, "id", "name", "description", "image")
        .ReadOnly(x => x.Failed)
        .ReadOnly(x => x.Started)
        .ReadOnly(x => x.Finished)
        .ReadOnly(x => x.CanceledOn)
        .Field("elapsed", x => x.ElapsedSeconds, field =>
        {
            field.ReadOnly = true;
            field.Value = (row, _) => Elapsed(row, clock);
            field.HelpText = "Elapsed time in seconds that the job ran.";
        })
        .ReadOnly(x => x.JobArgs, field => field.DetailOnly = true)
        .ReadOnly(x => x.JobCwd, field => field.DetailOnly = true)
        .Json(x => x.JobEnv, FieldKind.Json, field => (field.ReadOnly, field.DetailOnly, field.Sensitive) = (true, true, true))
        .ReadOnly(x => x.JobExplanation)
        .ReadOnly(x => x.ExecutionNode)
        .ReadOnly(x => x.ControllerNode)
        .ReadOnly(x => x.ResultTraceback, field => field.DetailOnly = true)
        .ReadOnly(x => x.EventProcessingFinished, field => field.DetailOnly = true)
        .Computed("launched_by", FieldKind.Computed, _ => null, field => field.Value = (row, page) => LaunchedBy(row, page))
        .Computed("work_unit_id", FieldKind.String, _ => null)
        .Related("stdout", (row, page) => $"{page.Resource.UrlOf(row.Id)}stdout/");

    /// <summary>What a job of a playbook or a command has besides.</summary>
    public static ResourceBuilder<Job> AddJob(ResourceBuilder<Job> builder) => builder
        .Field(x => x.JobType, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, JobTypeChoices, false))
        .Reference<Inventory>(x => x.InventoryId)
        .Reference<Project>(x => x.ProjectId, null, "id", "name", "description", "status", "scm_type", "allow_override")
        .Field(x => x.Playbook)
        .Json(x => x.Command, FieldKind.StringList, field => field.HelpText = "The program to run and its arguments, for jobs of type command.")
        .Field(x => x.ScmBranch)
        .Field(x => x.Forks, field => field.Min = 0)
        .Field(x => x.Limit)
        .Field(x => x.Verbosity, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, Verbosities, false))
        .Field(x => x.ExtraVars)
        .Field(x => x.JobTags)
        .Field(x => x.ForceHandlers)
        .Field(x => x.SkipTags)
        .Field(x => x.StartAtTask)
        .Field(x => x.Timeout, field =>
        {
            field.Min = 0;
            field.HelpText = "The amount of time (in seconds) to run before the task is canceled.";
        })
        .Field(x => x.UseFactCache)
        .Field(x => x.BecomeEnabled)
        .Field(x => x.DiffMode)
        .Field(x => x.AllowSimultaneous)
        .Reference<JobTemplate>(x => x.JobTemplateId, field => field.ReadOnly = true)
        .Field("unified_job_template", x => x.JobTemplateId, field =>
        {
            (field.Kind, field.ReadOnly) = (FieldKind.Id, true);
            field.Reference = new ForeignKey(typeof(JobTemplate), ["id", "name", "description", "unified_job_type"]);
        })
        .Reference<InstanceGroup>(
            x => x.InstanceGroupId,
            field =>
            {
                field.Reference = field.Reference! with { InRelated = false };
                field.HelpText = "The instance group that the job runs in; when launching, the only one that it may run in.";
            },
            "id", "name", "is_container_group")
        .ReadOnly(x => x.ScmRevision)
        .ReadOnly(x => x.ExitCode, field => field.HelpText = "The exit code of the program; null while it runs, and when a signal or the server ended it.")
        .PasswordsNeeded()
        .Computed("artifacts", FieldKind.Json, _ => new RawJson("{}"))
        .Computed("job_slice_number", FieldKind.Integer, _ => 0)
        .Computed("job_slice_count", FieldKind.Integer, _ => 1)
        .Computed("webhook_service", FieldKind.String, _ => "")
        .Computed("webhook_credential", FieldKind.Id, _ => null)
        .Computed("webhook_guid", FieldKind.String, _ => "")
        .Computed("custom_virtualenv", FieldKind.String, _ => null, field => field.DetailOnly = true)
        .Computed("job_template_id", FieldKind.Integer, x => x.JobTemplateId, field => field.Hidden = true)
        .Computed("job_template_name", FieldKind.String, TemplateNames, (Job x, IReadOnlyDictionary<long, string> names) =>
            x.JobTemplateId is { } id ? names.GetValueOrDefault(id) : null, field => field.Hidden = true)
        .ReadOnly(x => x.Attempt)
        .Computed("host_status_counts", FieldKind.Json, HostStatusCounts, field => field.DetailOnly = true)
        .Computed("playbook_counts", FieldKind.Json, PlaybookCounts, field => field.DetailOnly = true)
        .Credentials()
        .Labels()
        .Related("job_events", (row, page) => $"{page.Resource.UrlOf(row.Id)}job_events/")
        .Related("job_host_summaries", (row, page) => $"{page.Resource.UrlOf(row.Id)}job_host_summaries/")
        .Related("output", (row, page) => $"{page.Resource.UrlOf(row.Id)}output/")
        .Relation("job_events", x => x.Events)
        .Relation("job_host_summaries", x => x.HostSummaries);

    public static object? HostStatusCounts(Job job) => job.HostStatusCounts is { } counts ? new RawJson(counts) : null;

    private static object PlaybookCounts(Job job) => new JsonPart(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("play_count", job.PlayCount);
        writer.WriteNumber("task_count", job.TaskCount);
        writer.WriteEndObject();
    });

    /// <summary>Who launched it; nobody that the caller may know of is an empty object, as in AWX.</summary>
    private static JsonPart LaunchedBy(UnifiedJob job, RowPage page) => new(writer =>
    {
        writer.WriteStartObject();
        if (job.CreatedById is { } id && page.Referenced(typeof(User), id) is { Row: User user } found)
        {
            writer.WriteNumber("id", id);
            writer.WriteString("name", user.Username);
            writer.WriteString("type", "user");
            writer.WriteString("url", found.Page.Resource.UrlOf(id));
        }

        writer.WriteEndObject();
    });

    /// <summary>A job that runs shows how long it has been running.</summary>
    private static double Elapsed(UnifiedJob job, TimeProvider clock) => job is { Started: { } started, Finished: null }
        ? Math.Round((clock.GetUtcNow().UtcDateTime - started).TotalSeconds, 3)
        : job.ElapsedSeconds;
}

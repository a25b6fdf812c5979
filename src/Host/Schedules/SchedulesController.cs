using System.Globalization;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Schedules.Recurrences;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Schedules;

/// <summary>Schedules of job templates and projects.</summary>
internal sealed class SchedulesController(ScheduleChecks checks, ScheduleAnswers answers, WakeUps wakeUps) : IResourceController
{
    private static readonly (string, string)[] JobTypeChoices = [(JobTypes.Run, "Run"), (JobTypes.Check, "Check")];

    private static readonly (string, string)[] Verbosities =
    [
        ("0", "0 (Normal)"), ("1", "1 (Verbose)"), ("2", "2 (More Verbose)"), ("3", "3 (Debug)"), ("4", "4 (Connection Debug)"), ("5", "5 (WinRM Debug)"),
    ];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<Schedule>("schedules", "schedule", (db, caller) => db.Schedules.VisibleTo(db, caller))
            .Field(x => x.Rrule, field =>
            {
                (field.Required, field.AllowBlank) = (true, false);
                field.HelpText = "A value representing the schedules iCal recurrence rule.";
            })
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description);
        AddPrompts(builder);
        AddTarget(builder);
        AddTimes(builder);
        ScheduleRights.AddTo(builder);
        builder
            .Capabilities(Right.Edit, Right.Delete)
            .OrderBy("id")
            .Recorded()
            .Credentials()
            .Labels(ScheduleChecks.DemandLabelsAskedAsync)
            .Relation("instance_groups", x => x.InstanceGroups.Select(place => place.InstanceGroup))
            .SubList<UnifiedJob>("jobs", (_, id) => job => job.ScheduleId == id)
            .Related("unified_jobs", (row, page) => $"{page.Resource.UrlOf(row.Id)}jobs/")
            .PreferredInstanceGroups<Schedule, ScheduleInstanceGroup>(
                id => place => place.ScheduleId == id, id => new ScheduleInstanceGroup { ScheduleId = id });
        builder.Rules.Rewrites.Add(TellTarget);
        builder.Rules.Checks.Add(checks.CheckAsync);
        builder.Rules.BeforeSave.Add(ScheduleAnswers.HideAsync);
        builder.Rules.AfterSave.Add(answers.StoreAsync);
        builder.Rules.UniqueTogether.Add([ScheduleChecks.Target, "name"]);
        builder.Rules.UniqueTogether.Add(["project", "name"]);
        builder.Rules.AfterCommit.Add(_ =>
        {
            wakeUps.Pulse(WakeUpNames.Schedules);
            return Task.CompletedTask;
        });
        return builder.Build();
    }

    private static void AddPrompts(ResourceBuilder<Schedule> builder) => builder
        .Json(x => x.ExtraData, FieldKind.Json, field => field.Sensitive = true)
        .Reference<Inventory>(x => x.InventoryId, field =>
        {
            field.Needs = Right.UseRole;
            field.HelpText = "Inventory applied as a prompt, assuming job template prompts for inventory";
        })
        .Field(x => x.ScmBranch, field => (field.AllowNull, field.MaxLength) = (true, 1024))
        .Field(x => x.JobType, field => (field.Kind, field.Choices, field.AllowNull, field.AllowBlank) = (FieldKind.Choice, JobTypeChoices, true, false))
        .Field(x => x.JobTags, field => field.AllowNull = true)
        .Field(x => x.SkipTags, field => field.AllowNull = true)
        .Field(x => x.Limit, field => field.AllowNull = true)
        .Field(x => x.DiffMode)
        .Field(x => x.Verbosity, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, Verbosities, false))
        .Reference<ExecutionEnvironment>(x => x.ExecutionEnvironmentId, null, "id", "name", "description", "image")
        .Field(x => x.Forks, field => (field.Min, field.Max) = (0, int.MaxValue))
        .Field(x => x.JobSliceCount, field => (field.Min, field.Max) = (0, int.MaxValue))
        .Field(x => x.Timeout, field => (field.Min, field.Max) = (int.MinValue, int.MaxValue));

    private static void AddTarget(ResourceBuilder<Schedule> builder) => builder
        .Field(ScheduleChecks.Target, x => x.JobTemplateId, field =>
        {
            (field.Kind, field.Required, field.AllowNull) = (FieldKind.Id, true, false);
            field.Label = "Unified job template";
            field.Value = (row, _) => row.JobTemplateId ?? row.ProjectId;
            field.Assign = (row, value) =>
            {
                // A project's schedule that is sent back as it was shown stays the project's.
                if ((long?)value is { } id && id != row.ProjectId)
                {
                    (row.JobTemplateId, row.ProjectId) = (id, null);
                }
            };
        })
        .Reference<Project>(x => x.ProjectId, field =>
        {
            field.Hidden = true;
            field.Reference = field.Reference! with { InSummary = false };
            field.Assign = (row, value) => (row.JobTemplateId, row.ProjectId) = (null, (long?)value);
        })
        .Related(ScheduleChecks.Target, ScheduleTargets.UrlOf)
        .SummaryPart(ScheduleChecks.Target, ScheduleTargets.Loader, (Schedule row, ScheduleTargets targets) => targets.Summary(row));

    private static void AddTimes(ResourceBuilder<Schedule> builder) => builder
        .Field(x => x.Enabled, field => field.HelpText = "Enables processing of this schedule.")
        .ReadOnly(x => x.Dtstart, field => field.HelpText = "The first occurrence of the schedule occurs on or after this time.")
        .ReadOnly(x => x.Dtend, field => field.HelpText = "The last occurrence of the schedule occurs before this time, aftewards the schedule expires.")
        .ReadOnly(x => x.NextRun, field => field.HelpText = "The next time that the scheduled action will run.")
        .Computed("timezone", FieldKind.Computed, row => RecurrenceReader.ZoneName(row.Rrule))
        .Computed("until", FieldKind.Computed, row => RecurrenceReader.TryRead(row.Rrule)?.Until is { } until
            ? until.ToString("s", CultureInfo.InvariantCulture)
            : "");

    /// <summary>A project's schedule names the project where others name their template.</summary>
    private static void TellTarget(RequestBody body)
    {
        if (!body.Has(ScheduleChecks.Target) && body.TryGet("project", out var project)
            && project.ValueKind == System.Text.Json.JsonValueKind.Number && project.TryGetInt64(out var id))
        {
            body.Set(ScheduleChecks.Target, id);
        }
    }
}

using System.Text.Json;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Schedules.Recurrences;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>What makes a schedule legal, and when it fires.</summary>
internal sealed class ScheduleChecks(ScheduleAnswers answers, TimeProvider clock)
{
    public const string Target = "unified_job_template";

    private const string NotAsked = "Field is not configured to prompt on launch.";

    public async Task CheckAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        CheckRecurrence(write);
        ReadVariables(write);
        await CheckTargetAsync(write, cancellationToken);
        var template = await write.Db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(row => row.Id == write.Entity.JobTemplateId, cancellationToken);
        if (!write.Errors.Any)
        {
            await answers.TakeAsync(write, template, cancellationToken);
        }

        // What runs no more needs no leave to run; nobody shall be kept from disabling it.
        if (!write.Errors.Any && !IsDisabling(write))
        {
            CheckPrompts(write, template);
        }
    }

    /// <summary>Whether what it launches is there for the caller; adds the error when it is not.</summary>
    public static async Task<bool> FindTargetAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        if (write.Entity.JobTemplateId is { } template && !write.Errors.Has(Target)
            && !await write.Call.Catalog.Get<JobTemplate>().VisibleRows(write.Db, write.Call.Caller).AnyAsync(row => row.Id == template, cancellationToken))
        {
            write.Errors.Add(Target, $"Invalid pk \"{template}\" - object does not exist.");
        }

        return !write.Errors.Has(Target) && !write.Errors.Has("project");
    }

    private void CheckRecurrence(Write<Schedule> write)
    {
        var schedule = write.Entity;
        var now = clock.GetUtcNow().UtcDateTime;
        if (write.Errors.Has("rrule") || (!write.Creating && !write.Body.Has("rrule") && !write.Body.Has("enabled")))
        {
            return;
        }

        foreach (var fault in RruleRules.FaultsOf(schedule.Rrule, now))
        {
            write.Errors.Add("rrule", fault);
        }

        if (write.Errors.Has("rrule"))
        {
            return;
        }

        var recurrence = RecurrenceReader.Read(schedule.Rrule);
        schedule.Rrule = RecurrenceReader.Normalize(schedule.Rrule, recurrence.Zone);
        if (write.Creating || write.Changes(x => x.Rrule) || write.Changes(x => x.Enabled))
        {
            // Otherwise it stays: an occurrence that is due just now is not to be passed over.
            schedule.NextRun = schedule.Enabled ? recurrence.After(now, new SearchBudget()) : null;
            schedule.Dtstart = recurrence.First(new SearchBudget());
            schedule.Dtend = recurrence.Last(new SearchBudget());
        }
    }

    private static void ReadVariables(Write<Schedule> write)
    {
        if (!write.Body.TryGet(SchedulePrompts.ExtraData, out var json) || write.Errors.Has(SchedulePrompts.ExtraData))
        {
            return;
        }

        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        if (!VariablesText.TryParse(text, out var variables, out var error))
        {
            write.Errors.Add(SchedulePrompts.ExtraData, error);
            return;
        }

        var stored = variables.ToJsonString();
        try
        {
            using var launched = JsonDocument.Parse(stored, new JsonDocumentOptions { MaxDepth = SchedulePrompts.DeepestVariables });
            write.Entity.ExtraData = stored;
        }
        catch (JsonException)
        {
            // YAML may be deeper than what a launch takes.
            write.Errors.Add(SchedulePrompts.ExtraData, $"The variables are nested deeper than {SchedulePrompts.DeepestVariables} levels.");
        }
    }

    private static async Task CheckTargetAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        await FindTargetAsync(write, cancellationToken);
        if (write.Entity.ProjectId is { } id && (write.Creating || write.Changes(x => x.ProjectId)) && !write.Errors.Has("project"))
        {
            var kind = await write.Db.Projects.Where(project => project.Id == id).Select(project => project.ScmType).SingleOrDefaultAsync(cancellationToken);
            if (kind != ScmTypes.Git)
            {
                write.Errors.Add(Target, kind == ScmTypes.Manual ? "Manual Project cannot have a schedule set." : "Only projects of the type git are updated.");
            }
        }
    }

    /// <summary>Labels are for launches that ask for them, as credentials are.</summary>
    public static async Task DemandLabelsAskedAsync(ApiCall call, Schedule schedule)
    {
        var template = await call.Db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(row => row.Id == schedule.JobTemplateId, call.Cancellation);
        if (template is null || !LaunchPrompts.Labels.Asks(template))
        {
            throw ApiException.BadMessage("Related template is not configured to accept labels on launch.");
        }
    }

    private static void CheckPrompts(Write<Schedule> write, JobTemplate? template)
    {
        var body = SchedulePrompts.ToBody(write.Entity, credentials: null);
        var launch = template is null ? null : TemplateLaunch.Of(template, body, write.Call.Catalog.Get<Job>(), userId: null);
        CheckAnswers(write, launch);
        var refused = launch?.Ignored.Keys ?? body.Root.EnumerateObject().Select(member => member.Name);
        foreach (var field in refused)
        {
            if (field != SchedulePrompts.ExtraVars)
            {
                write.Errors.Add(field, NotAsked);
                continue;
            }

            using var variables = JsonDocument.Parse(write.Entity.ExtraData);
            var names = string.Join(", ", (launch?.Ignored[field] ?? variables.RootElement).EnumerateObject().Select(member => member.Name));
            write.Errors.Add(
                SchedulePrompts.ExtraData,
                $"Variables {names} are not allowed on launch. Check the Prompt on Launch setting on the {(template is null ? "Project" : "Job Template")} to include Extra Variables.");
        }
    }

    /// <summary>Required answers may come later, with the template's change.</summary>
    private static void CheckAnswers(Write<Schedule> write, TemplateLaunch? launch)
    {
        foreach (var fault in launch?.AnswerFaults ?? [])
        {
            write.Errors.Add(TemplateLaunch.VariablesNeeded, fault);
        }
    }

    private static bool IsDisabling(Write<Schedule> write) =>
        !write.Creating && !write.Entity.Enabled && write.Body.Root.EnumerateObject().All(member => member.Name == "enabled");
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>What a launch of a template has to say so that it becomes a job like one that there was: all in which the job differs from
/// what the template gives by itself, as far as it asks for that.</summary>
internal sealed class LaunchedPrompts
{
    private LaunchedPrompts()
    {
    }

    /// <summary>The values besides variables and lists, by their names in a launch.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Answers to password questions are hidden.</summary>
    public JsonObject Variables { get; } = [];

    public required IReadOnlyList<long> Credentials { get; init; }

    public required IReadOnlyList<long> Labels { get; init; }

    public required IReadOnlyList<long> InstanceGroups { get; init; }

    /// <summary>What stands against launching the same again by the clock, in AWX's words; null for nothing.</summary>
    public required string? Fault { get; init; }

    /// <returns>Null for a job without a template.</returns>
    public static async Task<LaunchedPrompts?> FindAsync(ApiCall call, Job job)
    {
        var template = await call.Db.JobTemplates.AsNoTracking().Include(row => row.Credentials).Include(row => row.Labels)
            .SingleOrDefaultAsync(row => row.Id == job.JobTemplateId, call.Cancellation);
        if (template is null)
        {
            return null;
        }

        var credentials = await AttachedCredential.FindAsync(
            call.Db.JobCredentials.Where(place => place.JobId == job.Id).Select(place => place.Credential), call.Cancellation);
        var labels = await call.Db.JobLabels.Where(place => place.JobId == job.Id).OrderBy(place => place.LabelId).Select(place => place.LabelId)
            .ToListAsync(call.Cancellation);
        var prompts = new LaunchedPrompts
        {
            Credentials = Asked(template, LaunchPrompts.Credentials, credentials.Select(credential => credential.Id).Except(template.Credentials.Select(place => place.CredentialId))),
            Labels = Asked(template, LaunchPrompts.Labels, labels.Except(template.Labels.Select(place => place.LabelId))),
            InstanceGroups = await GroupsAsync(call, job, template),
            Fault = FaultOf(job, template, credentials),
        };
        prompts.TakeValues(call, job, template);
        return prompts;
    }

    private static string? FaultOf(Job job, JobTemplate template, IReadOnlyList<AttachedCredential> credentials) =>
        credentials.Any(credential => credential.Passwords.Count > 0) ? "Cannot create schedule because job requires credential passwords."
        : template.JobType != JobTypes.Command && (template.ProjectId ?? job.ProjectId, template.InventoryId ?? job.InventoryId) is not ({ }, { })
            ? "Cannot create schedule because a related resource is missing."
        : null;

    private static List<long> Asked(JobTemplate template, LaunchPrompt prompt, IEnumerable<long> ids) => prompt.Asks(template) ? [.. ids] : [];

    private static async Task<IReadOnlyList<long>> GroupsAsync(ApiCall call, Job job, JobTemplate template)
    {
        if (!LaunchPrompts.InstanceGroups.Asks(template))
        {
            return [];
        }

        var own = await call.Db.JobInstanceGroups.Where(place => place.JobId == job.Id).OrderBy(place => place.Position)
            .Select(place => place.InstanceGroupId).ToListAsync(call.Cancellation);
        var inventory = await call.Db.Inventories.AsNoTracking().SingleOrDefaultAsync(row => row.Id == job.InventoryId, call.Cancellation);
        var preferred = await PreferredGroups.ResolveAsync(call.Db, [], template, inventory, job.OrganizationId, call.Cancellation);
        return own.SequenceEqual(preferred) ? [] : own;
    }

    private void TakeValues(ApiCall call, Job job, JobTemplate template)
    {
        var jobs = call.Catalog.Get<Job>();
        var plain = TemplateLaunch.Of(template, RequestBody.Parse("{}"u8.ToArray()), jobs, userId: null).Job;
        var page = new RowPage(jobs, call.Catalog, call.Caller);
        foreach (var prompt in LaunchPrompts.OfJob.Where(prompt => prompt.Asks(template)))
        {
            var field = jobs.Fields.Single(field => field.Name == prompt.Field);
            var value = field.Value(job, page);
            if (value is not null && !value.Equals(field.Value(plain, page)))
            {
                Values[prompt.Field] = JsonSerializer.SerializeToNode(value);
            }
        }

        var questions = SurveyAnswers.QuestionsOf(template).Select(question => question.Variable).ToHashSet(StringComparer.Ordinal);
        var asked = LaunchPrompts.ExtraVars.Asks(template);
        var given = VariablesText.TryParse(plain.ExtraVars, out var own, out _) ? own : [];
        if (VariablesText.TryParse(job.ExtraVars, out var all, out _))
        {
            foreach (var (name, value) in all.Where(variable => questions.Contains(variable.Key) || (asked && !JsonNode.DeepEquals(given[variable.Key], variable.Value))))
            {
                Variables[name] = value?.DeepClone();
            }
        }
    }
}

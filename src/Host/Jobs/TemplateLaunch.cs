using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// What a template and the body of a launch come to. The types of all values are checked first; then those that the template does not
/// ask for are set aside and reported, as in AWX.
/// </summary>
internal sealed class TemplateLaunch
{
    /// <summary>AWX's key of errors about surveys.</summary>
    public const string VariablesNeeded = "variables_needed_to_start";

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    private readonly Dictionary<string, JsonElement> _ignored = new(StringComparer.Ordinal);

    private TemplateLaunch(Job job)
    {
        Job = job;
    }

    public Job Job { get; }

    /// <summary>The prompted groups, in order; empty for those that the template and the rest prefer.</summary>
    public IReadOnlyList<long> InstanceGroups { get; private set; } = [];

    /// <summary>What the body said and the template does not ask for.</summary>
    public IReadOnlyDictionary<string, JsonElement> Ignored => _ignored;

    public FieldErrors Errors { get; } = new();

    /// <summary>What is said of answers that are wrong; among the errors, too.</summary>
    public IReadOnlyList<string> AnswerFaults { get; private set; } = [];

    /// <summary>What is said of required answers that are missing.</summary>
    public IReadOnlyList<string> MissingAnswers { get; private set; } = [];

    /// <summary>The answers to password questions, which are no part of the job's row.</summary>
    public IReadOnlyDictionary<string, string> SurveyPasswords { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static TemplateLaunch Of(JobTemplate template, RequestBody body, Resource<Job> jobs, long? userId)
    {
        if (body.TryGet("inventory_id", out var legacy) && !body.Has("inventory")
            && legacy.ValueKind == JsonValueKind.Number && legacy.TryGetInt64(out var id))
        {
            body.Set("inventory", id);
        }

        var launch = new TemplateLaunch(NewJob(template, userId));
        foreach (var prompt in LaunchPrompts.OfJob)
        {
            launch.Take(template, body, prompt, jobs.Fields.Single(f => f.Name == prompt.Field));
        }

        launch.TakeExtraVars(template, body);
        launch.TakeGroups(template, body);
        launch.TakeCredentials(template, body);
        launch.TakeLabels(template, body);
        if (body.TryGet(LaunchPrompts.SliceCount.Field, out var slices))
        {
            launch._ignored[LaunchPrompts.SliceCount.Field] = slices;
        }

        if (launch.Job is { JobType: not JobTypes.Command, InventoryId: null })
        {
            launch.Errors.Add("resources_needed_to_start", "Job Template inventory is missing or undefined.");
        }

        return launch;
    }

    /// <summary>Refuses a launch without the answers that are required, and hands those that are passwords over to be kept.</summary>
    public void DemandAnswers(GivenPasswords passwords)
    {
        foreach (var missing in MissingAnswers)
        {
            Errors.Add(VariablesNeeded, missing);
        }

        foreach (var (variable, answer) in SurveyPasswords)
        {
            passwords.Keep(LaunchPasswords.OfSurvey(variable), answer);
        }
    }

    private static Job NewJob(JobTemplate template, long? userId) => new()
    {
        Name = template.Name,
        Description = template.Description,
        JobType = template.JobType,
        JobTemplateId = template.Id,
        InventoryId = template.InventoryId,
        ProjectId = template.ProjectId,
        Playbook = template.Playbook,
        Command = template.Command,
        ScmBranch = template.ScmBranch,
        Forks = template.Forks,
        Limit = template.Limit,
        Verbosity = template.Verbosity,
        ExtraVars = template.ExtraVars,
        JobTags = template.JobTags,
        SkipTags = template.SkipTags,
        StartAtTask = template.StartAtTask,
        ForceHandlers = template.ForceHandlers,
        UseFactCache = template.UseFactCache,
        BecomeEnabled = template.BecomeEnabled,
        DiffMode = template.DiffMode,
        AllowSimultaneous = template.AllowSimultaneous,
        Timeout = template.Timeout,
        ExecutionEnvironmentId = template.ExecutionEnvironmentId,
        CreatedById = userId,
        ModifiedById = userId,
    };

    private void Take(JobTemplate template, RequestBody body, LaunchPrompt prompt, Field<Job> field)
    {
        if (!body.TryGet(prompt.Field, out var json))
        {
            return;
        }

        var (value, error) = FieldReading.Read(field, json);
        if (error is not null)
        {
            Errors.Add(prompt.Field, error);
        }
        else if (prompt.Asks(template))
        {
            field.Assign!(Job, value);
        }
        else
        {
            _ignored[prompt.Field] = json;
        }
    }

    /// <summary>The launch's variables win over the template's, name by name.</summary>
    private void TakeExtraVars(JobTemplate template, RequestBody body)
    {
        if (!body.TryGet(LaunchPrompts.ExtraVars.Field, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            Answer(template, []);
            return;
        }

        JsonObject? given = null;
        string? error = "Not a valid string.";
        if (json.ValueKind is JsonValueKind.Object or JsonValueKind.String)
        {
            VariablesText.TryParse(json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText(), out given, out error);
        }

        if (given is null)
        {
            Errors.Add(LaunchPrompts.ExtraVars.Field, error!);
        }
        else
        {
            Answer(template, given);
        }
    }

    /// <summary>The survey takes what it asks for; the rest is a prompt of its own.</summary>
    private void Answer(JobTemplate template, JsonObject given)
    {
        var answers = SurveyAnswers.Of(template, given);
        (MissingAnswers, AnswerFaults, SurveyPasswords) = (answers.Missing, answers.Faults, answers.Passwords);
        answers.Faults.ForEach(fault => Errors.Add(VariablesNeeded, fault));
        var own = VariablesText.TryParse(template.ExtraVars, out var variables, out _) ? variables : [];
        var isAsked = LaunchPrompts.ExtraVars.Asks(template);
        var left = answers.Left.Where(variable => !isAsked && !JsonNode.DeepEquals(own[variable.Key], variable.Value)).ToList();
        if (left.Count > 0)
        {
            // Variables in YAML may be nested deeper than JSON is read by itself.
            var ignored = new JsonObject(left.Select(variable => KeyValuePair.Create(variable.Key, variable.Value?.DeepClone())));
            _ignored[LaunchPrompts.ExtraVars.Field] = JsonDocument.Parse(ignored.ToJsonString(), Deep).RootElement;
        }

        var passwords = answers.Passwords.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)SurveyQuestion.Hidden));
        var taken = answers.Defaults.Concat(isAsked ? answers.Left : []).Concat(answers.Accepted).Concat(passwords).ToList();
        if (taken.Count > 0)
        {
            foreach (var (name, value) in taken)
            {
                own[name] = value?.DeepClone();
            }

            Job.ExtraVars = own.ToJsonString();
        }
    }

    /// <summary>Those of the launch, or else the template's.</summary>
    private void TakeCredentials(JobTemplate template, RequestBody body)
    {
        var ids = GivenIds(template, body, LaunchPrompts.Credentials, IdList.Expected)?.Distinct() ?? template.Credentials.Select(place => place.CredentialId);
        Job.Credentials.AddRange(ids.Select(id => new JobCredential { CredentialId = id }));
    }

    /// <summary>Those of the launch come to the template's, as in AWX.</summary>
    private void TakeLabels(JobTemplate template, RequestBody body)
    {
        var given = GivenIds(template, body, LaunchPrompts.Labels, IdList.ExpectedLabels) ?? [];
        Job.Labels.AddRange(template.Labels.Select(place => place.LabelId).Concat(given).Distinct().Select(id => new JobLabel { LabelId = id }));
    }

    private void TakeGroups(JobTemplate template, RequestBody body) =>
        InstanceGroups = GivenIds(template, body, LaunchPrompts.InstanceGroups, IdList.Expected) ?? InstanceGroups;

    /// <summary>The ids that the body has for a prompt; null when it has none, or none that count.</summary>
    private List<long>? GivenIds(JobTemplate template, RequestBody body, LaunchPrompt prompt, string expected)
    {
        if (!body.TryGet(prompt.Field, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (IdList.Read(json) is not { } ids)
        {
            Errors.Add(prompt.Field, expected);
            return null;
        }

        if (prompt.Asks(template))
        {
            return ids;
        }

        _ignored[prompt.Field] = json;
        return null;
    }
}

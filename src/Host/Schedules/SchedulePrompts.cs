using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Schedules;

/// <summary>What a schedule says at each of its launches, in the form in which people say it at theirs.</summary>
internal static class SchedulePrompts
{
    /// <summary>The variables' name in a schedule and in a launch.</summary>
    public const string ExtraData = "extra_data";

    /// <summary>They stand in the body of a launch, which has a depth of its own.</summary>
    public const int DeepestVariables = 60;

    public const string ExtraVars = "extra_vars";

    /// <summary>The values besides variables and lists, by their names in both.</summary>
    public static IEnumerable<(string Field, JsonNode? Value)> ValuesOf(Schedule schedule) =>
    [
        ("inventory", schedule.InventoryId), ("execution_environment", schedule.ExecutionEnvironmentId), ("scm_branch", schedule.ScmBranch),
        ("job_type", schedule.JobType), ("job_tags", schedule.JobTags), ("skip_tags", schedule.SkipTags), ("limit", schedule.Limit),
        ("diff_mode", schedule.DiffMode), ("verbosity", schedule.Verbosity), ("forks", schedule.Forks),
        ("job_slice_count", schedule.JobSliceCount), ("timeout", schedule.Timeout),
    ];

    /// <param name="schedule">With its instance groups and labels.</param>
    /// <param name="credentials">All that the job is to have; null for those of the template.</param>
    /// <param name="answers">Those to password questions, which the variables hide; null for none.</param>
    public static RequestBody ToBody(Schedule schedule, IReadOnlyCollection<long>? credentials, IReadOnlyDictionary<string, string>? answers = null)
    {
        var body = new JsonObject();
        foreach (var (field, value) in ValuesOf(schedule).Where(prompt => prompt.Value is not null))
        {
            body[field] = value;
        }

        var variables = JsonNode.Parse(schedule.ExtraData)!.AsObject();
        foreach (var (variable, answer) in answers ?? new Dictionary<string, string>())
        {
            variables[variable] = answer;
        }

        if (variables.Count > 0)
        {
            body[ExtraVars] = variables;
        }

        if (schedule.InstanceGroups.Count > 0)
        {
            body["instance_groups"] = Ids(schedule.InstanceGroups.OrderBy(place => place.Position).Select(place => place.InstanceGroupId));
        }

        if (schedule.Labels.Count > 0)
        {
            body["labels"] = Ids(schedule.Labels.Select(place => place.LabelId).Order());
        }

        if (credentials is not null)
        {
            body["credentials"] = Ids(credentials);
        }

        return RequestBody.Parse(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static JsonArray Ids(IEnumerable<long> ids) => new([.. ids.Select(id => (JsonNode)id)]);
}

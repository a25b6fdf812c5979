using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary><c>/jobs/N/create_schedule/</c>: makes a schedule, disabled at first, whose jobs are like one that there was.</summary>
internal sealed class JobSchedules(KeptAnswers kept, TimeProvider clock)
{
    private const int KeySegment = 3;

    private const string Missing = "Cannot create schedule because a related resource is missing.";

    public void Map(IEndpointRouteBuilder endpoints) =>
        new ApiEndpoint().Get(ShowAsync).Post(CreateAsync).Map(endpoints, "/api/v2/jobs/{key}/create_schedule");

    private static Task<Job> FindAsync(ApiCall call) => RowLookup.FindAsync(call, call.Catalog.Get<Job>(), call.PathSegment(KeySegment));

    private static async Task ShowAsync(ApiCall call)
    {
        var prompts = await LaunchedPrompts.FindAsync(call, await FindAsync(call));
        var credentials = await NamesAsync(call, call.Db.Credentials.VisibleTo(call.Db, call.Caller), row => row.Name, prompts?.Credentials);
        var labels = await NamesAsync(call, call.Db.Labels.VisibleTo(call.Db, call.Caller), row => row.Name, prompts?.Labels);
        var groups = await NamesAsync(call, call.Db.InstanceGroups.VisibleTo(call.Db, call.Caller), row => row.Name, prompts?.InstanceGroups);
        var inventories = await NamesAsync(call, call.Db.Inventories.VisibleTo(call.Db, call.Caller), row => row.Name, IdIn(prompts, "inventory"));
        var environments = await NamesAsync(
            call, call.Db.ExecutionEnvironments.VisibleTo(call.Db, call.Caller), row => row.Name, IdIn(prompts, "execution_environment"));
        var shown = new JsonObject();
        foreach (var (name, value) in prompts?.Values ?? [])
        {
            shown[name] = name switch
            {
                "inventory" => inventories.FirstOrDefault()?.DeepClone(),
                "execution_environment" => environments.FirstOrDefault()?.DeepClone(),
                _ => value?.DeepClone(),
            };
        }

        Add(SchedulePrompts.ExtraVars, prompts is { Variables.Count: > 0 } ? prompts.Variables.DeepClone() : null);
        Add("credentials", credentials);
        Add("labels", labels);
        Add("instance_groups", groups);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_schedule", prompts is { Fault: null }), ("prompts", new RawJson(shown.ToJsonString())));

        void Add(string name, JsonNode? value)
        {
            if (value is not null and not JsonArray { Count: 0 })
            {
                shown[name] = value;
            }
        }
    }

    private async Task CreateAsync(ApiCall call)
    {
        var job = await FindAsync(call);
        await call.Catalog.Get<Job>().DemandAsync(call, job, Right.Start);
        var prompts = await LaunchedPrompts.FindAsync(call, job);
        if (prompts is not { Fault: null })
        {
            throw ApiException.BadError(prompts?.Fault ?? Missing);
        }

        await DemandUseAsync(call, prompts);
        var body = await BodyAsync(call, job, prompts);
        var schedules = call.Catalog.Get<Schedule>();
        var made = await new RowStore<Schedule>(schedules, call.Catalog).CreateAsync(call, body, schedule =>
        {
            call.Db.AddRange(prompts.Credentials.Select(id => new ScheduleCredential { ScheduleId = schedule.Id, CredentialId = id }));
            call.Db.AddRange(prompts.Labels.Select(id => new ScheduleLabel { ScheduleId = schedule.Id, LabelId = id }));
            call.Db.AddRange(prompts.InstanceGroups.Select((id, i) => new ScheduleInstanceGroup { ScheduleId = schedule.Id, InstanceGroupId = id, Position = i + 1 }));
            return Task.CompletedTask;
        });
        await call.AnswerRowAsync(StatusCodes.Status201Created, schedules, made);
    }

    /// <summary>What somebody else has launched with is his to use.</summary>
    private static async Task DemandUseAsync(ApiCall call, LaunchedPrompts prompts)
    {
        foreach (var credential in prompts.Credentials)
        {
            await call.Catalog.Get<Credential>().DemandAsync(call, credential, Right.UseRole);
        }

        foreach (var group in prompts.InstanceGroups)
        {
            await call.Catalog.Get<InstanceGroup>().DemandAsync(call, group, Right.UseRole);
        }

        var labels = call.Db.Labels.Where(label => prompts.Labels.Contains(label.Id));
        if (await labels.CountAsync(call.Cancellation) != await labels.VisibleTo(call.Db, call.Caller).CountAsync(call.Cancellation))
        {
            throw ApiException.Forbidden();
        }
    }

    private async Task<RequestBody> BodyAsync(ApiCall call, Job job, LaunchedPrompts prompts)
    {
        var answers = await kept.OfAsync(call, job);
        var variables = new JsonObject();
        foreach (var (name, value) in prompts.Variables)
        {
            if (answers.TryGetValue(name, out var answer))
            {
                variables[name] = answer;
            }
            else if (value?.ToString() != SurveyQuestion.Hidden)
            {
                variables[name] = value?.DeepClone();
            }
        }

        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var body = prompts.Values.DeepClone().AsObject();
        body["name"] = await NameAsync(call, job);
        body[ScheduleChecks.Target] = job.JobTemplateId;
        body["enabled"] = false;
        body["rrule"] = $"DTSTART:{now} RRULE:FREQ=MONTHLY;INTERVAL=1";
        body[SchedulePrompts.ExtraData] = variables;
        return RequestBody.Parse(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static async Task<string> NameAsync(ApiCall call, Job job)
    {
        var name = $"Auto-generated schedule from job {job.Id}";
        var taken = (await call.Db.Schedules.Where(row => row.JobTemplateId == job.JobTemplateId && row.Name.StartsWith(name)).Select(row => row.Name)
            .ToListAsync(call.Cancellation)).ToHashSet(StringComparer.Ordinal);
        var free = name;
        for (var number = 1; taken.Contains(free); number++)
        {
            free = $"{name} - number {number}";
        }

        return free;
    }

    private static long[]? IdIn(LaunchedPrompts? prompts, string field) => prompts?.Values[field] is { } id ? [id.GetValue<long>()] : null;

    private static async Task<JsonArray> NamesAsync<T>(
        ApiCall call, IQueryable<T> visible, System.Linq.Expressions.Expression<Func<T, string>> name, IReadOnlyList<long>? ids)
        where T : Entity
    {
        var array = new JsonArray();
        if (ids is { Count: > 0 })
        {
            var rows = visible.Where(row => ids.Contains(row.Id)).OrderBy(row => row.Id);
            var found = (await rows.Select(row => row.Id).ToListAsync(call.Cancellation)).Zip(await rows.Select(name).ToListAsync(call.Cancellation));
            foreach (var (id, text) in found)
            {
                array.Add(new JsonObject { ["id"] = id, ["name"] = text });
            }
        }

        return array;
    }
}

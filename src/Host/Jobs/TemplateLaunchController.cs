using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary><c>/api/v2/job_templates/N/launch/</c>: what a launch needs, and the launch.</summary>
internal sealed class TemplateLaunchController(JobLauncher launcher)
{
    private const int KeySegment = 3;

    public void Map(IEndpointRouteBuilder endpoints) =>
        new ApiEndpoint { Options = LaunchOptions.ShowAsync }.Get(ShowAsync).Post(LaunchAsync).Map(endpoints, "/api/v2/job_templates/{key}/launch");

    private async Task LaunchAsync(ApiCall call)
    {
        var template = await FindAsync(call);
        await call.Catalog.Get<JobTemplate>().DemandAsync(call, template, Right.Start);
        template.Credentials.AddRange(await call.Db.JobTemplateCredentials.AsNoTracking().Where(place => place.JobTemplateId == template.Id)
            .OrderBy(place => place.CredentialId).ToListAsync(call.Cancellation));
        template.Labels.AddRange(await call.Db.JobTemplateLabels.AsNoTracking().Where(place => place.JobTemplateId == template.Id)
            .OrderBy(place => place.LabelId).ToListAsync(call.Cancellation));
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var jobs = call.Catalog.Get<Job>();
        var launch = TemplateLaunch.Of(template, body, jobs, call.Caller.UserId);
        var passwords = GivenPasswords.Read(body, launch.Errors);
        launch.DemandAnswers(passwords);
        await JobRights.DemandUseAsync(call, launch.Job, launch.InstanceGroups);
        await launcher.LaunchAsync(launch.Job, launch.InstanceGroups, passwords, launch.Errors, call.Cancellation);
        await call.AnswerRowAsync(StatusCodes.Status201Created, jobs, launch.Job, writeExtra: writer =>
        {
            writer.WriteNumber("job", launch.Job.Id);
            writer.WriteStartObject("ignored_fields");
            foreach (var (name, value) in launch.Ignored)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    private static async Task ShowAsync(ApiCall call)
    {
        var template = await FindAsync(call);
        var names = await call.Db.JobTemplates.Where(t => t.Id == template.Id)
            .Select(t => new { Inventory = t.Inventory!.Name, Environment = t.ExecutionEnvironment!.Name })
            .SingleAsync(call.Cancellation);
        var credentials = await AttachedCredential.FindAsync(
            call.Db.JobTemplateCredentials.Where(place => place.JobTemplateId == template.Id).Select(place => place.Credential), call.Cancellation);
        var labels = await call.Db.JobTemplateLabels.Where(place => place.JobTemplateId == template.Id).Select(place => place.Label)
            .VisibleTo(call.Db, call.Caller).OrderBy(label => label.Name).Select(label => new { label.Id, label.Name }).ToListAsync(call.Cancellation);
        var passwords = credentials.SelectMany(credential => credential.Passwords).ToList();
        var answers = SurveyAnswers.QuestionsOf(template).Where(question => question.IsRequired).Select(question => question.Variable).ToList();
        var needsInventory = template is { JobType: not JobTypes.Command, InventoryId: null };
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("can_start_without_user_input", !needsInventory && passwords.Count == 0 && answers.Count == 0 && !LaunchPrompts.All.Any(prompt => prompt.Asks(template)));
            writer.WritePropertyName("passwords_needed_to_start");
            JsonValues.Write(writer, passwords);
            foreach (var prompt in LaunchPrompts.All)
            {
                writer.WriteBoolean(prompt.Flag, prompt.Asks(template));
            }

            writer.WriteBoolean("survey_enabled", template.SurveyEnabled);
            writer.WritePropertyName(TemplateLaunch.VariablesNeeded);
            JsonValues.Write(writer, answers);
            writer.WriteBoolean("credential_needed_to_start", false);
            writer.WriteBoolean("inventory_needed_to_start", needsInventory);
            writer.WriteStartObject("job_template_data");
            WriteNamed(writer, template.Id, template.Name);
            writer.WriteString("description", template.Description);
            writer.WriteEndObject();
            WriteDefaults(writer, template, names.Inventory, names.Environment, credentials, [.. labels.Select(label => (label.Id, label.Name))]);
            writer.WriteEndObject();
        });
    }

    private static void WriteDefaults(
        Utf8JsonWriter writer,
        JobTemplate template,
        string? inventory,
        string? environment,
        IReadOnlyList<AttachedCredential> credentials,
        IReadOnlyList<(long Id, string Name)> labels)
    {
        writer.WriteStartObject("defaults");
        writer.WriteString("extra_vars", template.ExtraVars);
        writer.WriteBoolean("diff_mode", template.DiffMode);
        writer.WriteString("limit", template.Limit);
        writer.WriteString("job_tags", template.JobTags);
        writer.WriteString("skip_tags", template.SkipTags);
        writer.WriteString("job_type", template.JobType);
        writer.WriteNumber("verbosity", template.Verbosity);
        writer.WriteString("scm_branch", template.ScmBranch);
        writer.WriteNumber("forks", template.Forks);
        writer.WriteNumber("job_slice_count", template.JobSliceCount);
        writer.WriteNumber("timeout", template.Timeout);
        WriteReference(writer, "inventory", template.InventoryId, inventory);
        WriteReference(writer, "execution_environment", template.ExecutionEnvironmentId, environment);
        WriteCredentials(writer, credentials);
        WriteLabels(writer, labels);
        WriteEmptyList(writer, "instance_groups");
        writer.WriteEndObject();
    }

    private static void WriteCredentials(Utf8JsonWriter writer, IReadOnlyList<AttachedCredential> credentials)
    {
        if (credentials.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("credentials");
        foreach (var credential in credentials)
        {
            writer.WriteStartObject();
            WriteNamed(writer, credential.Id, credential.Name);
            writer.WriteNumber("credential_type", credential.TypeId);
            writer.WritePropertyName("passwords_needed");
            JsonValues.Write(writer, credential.Passwords);
            if (credential.Kind == CredentialKinds.Vault)
            {
                writer.WriteString("vault_id", credential.VaultId);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLabels(Utf8JsonWriter writer, IReadOnlyList<(long Id, string Name)> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("labels");
        foreach (var (id, name) in labels)
        {
            writer.WriteStartObject();
            WriteNamed(writer, id, name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteReference(Utf8JsonWriter writer, string key, long? id, string? name)
    {
        writer.WriteStartObject(key);
        if (id is { } known)
        {
            WriteNamed(writer, known, name);
        }

        writer.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter writer, long id, string? name)
    {
        writer.WriteNumber("id", id);
        writer.WriteString("name", name);
    }

    private static void WriteEmptyList(Utf8JsonWriter writer, string key)
    {
        writer.WriteStartArray(key);
        writer.WriteEndArray();
    }

    private static Task<JobTemplate> FindAsync(ApiCall call) =>
        RowLookup.FindAsync(call, call.Catalog.Get<JobTemplate>(), call.PathSegment(KeySegment));
}

using System.Globalization;
using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.ExecutionEnvironments;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>
/// Shows the pod that a job would get in a container group: <c>?job_template=ID</c> for a job of that template,
/// <c>?execution_environment=ID</c> for one that names this environment; <c>?dry_run=true</c> asks the cluster what it thinks of it.
/// </summary>
internal sealed class GroupPreview(GroupTargets targets, IOptions<ExecutionEnvironmentOptions> environments)
{
    public const string Field = "pod_spec_override";

    private const string Template = "job_template";
    private const string Environment = "execution_environment";
    private const string DryRun = "dry_run";

    /// <summary>With what is stored.</summary>
    public async Task AnswerAsync(ApiCall call, InstanceGroup group)
    {
        CheckKind(group);
        var askTarget = Booleans.Read(call.Http.Request.Query[DryRun].LastOrDefault() ?? "")
            ?? throw ApiException.Invalid(DryRun, "Must be a valid boolean.");
        var (template, image) = await ReadJobAsync(call);
        try
        {
            await WriteAsync(call, await PreviewAsync(group, template, image, askTarget, call.Cancellation));
        }
        catch (BackendException e)
        {
            throw e.Reason == BackendFailureReason.InvalidSettings
                ? ApiException.Invalid(Field, e.Message)
                : ApiException.Detail(StatusCodes.Status409Conflict, e.Message);
        }
    }

    /// <summary>With an override that is tried before it is stored: the body is that of a PATCH.</summary>
    public async Task AnswerDraftAsync(ApiCall call, InstanceGroup group)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        PodBody.Rewrite(body);
        if (body.TryGet(Field, out var text))
        {
            group.PodSpecOverride = text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw ApiException.Invalid(Field, "Not a valid string.");
        }

        if (PodBody.Check(group.PodSpecOverride) is { } error)
        {
            throw ApiException.Invalid(Field, error);
        }

        await AnswerAsync(call, group);
    }

    private async Task<EnvironmentPreview> PreviewAsync(
        InstanceGroup group, JobTemplate? template, JobImage image, bool askTarget, CancellationToken cancellationToken)
    {
        var (backend, target) = await targets.ResolveAsync(group, "", "", cancellationToken);
        if (backend is not IEnvironmentPreview preview)
        {
            throw ApiException.BadRequest($"The backend {backend.Name} makes no environments that could be shown beforehand.");
        }

        var request = new ProvisionRequest
        {
            Target = target,
            JobId = 0,
            Attempt = 1,
            JobName = template?.Name ?? "",
            Image = image.Image,
            DefaultImage = image.DefaultImage,
            ImagePull = image.Pull,
            Timeout = template is { Timeout: > 0 } ? TimeSpan.FromSeconds(template.Timeout) : null,
        };
        return await preview.PreviewAsync(request, askTarget, cancellationToken);
    }

    private async Task<(JobTemplate? Template, JobImage Image)> ReadJobAsync(ApiCall call)
    {
        var template = await FindAsync(
            call, Template, call.Db.JobTemplates.VisibleTo(call.Db, call.Caller)
                .Include(row => row.ExecutionEnvironment)
                .Include(row => row.Project!.DefaultEnvironment)
                .Include(row => row.Organization!.DefaultEnvironment));
        var environment = await FindAsync(call, Environment, call.Db.ExecutionEnvironments.VisibleTo(call.Db, call.Caller));
        return (template, JobImage.Choose(
            environment ?? template?.ExecutionEnvironment,
            template?.Project?.DefaultEnvironment,
            template?.Organization?.DefaultEnvironment,
            environments.Value));
    }

    private static async Task<T?> FindAsync<T>(ApiCall call, string parameter, IQueryable<T> rows)
        where T : class
    {
        if (call.Http.Request.Query[parameter].LastOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await rows.AsNoTracking().SingleOrDefaultAsync(Resource<T>.HasId(id), call.Cancellation)
                ?? throw ApiException.Invalid(parameter, $"Invalid pk \"{id}\" - object does not exist.")
            : throw ApiException.Invalid(parameter, "Incorrect type. Expected pk value, received str.");
    }

    private static void CheckKind(InstanceGroup group)
    {
        if (!group.IsContainerGroup)
        {
            throw ApiException.BadRequest("Only a container group makes a pod for each job; is_container_group of this group is false.");
        }
    }

    private static Task WriteAsync(ApiCall call, EnvironmentPreview preview) => call.AnswerAsync(
        StatusCodes.Status200OK,
        ("pod", new RawJson(preview.Spec)),
        ("origins", new JsonPart(writer =>
        {
            writer.WriteStartObject();
            foreach (var (path, origin) in preview.Origins)
            {
                writer.WriteString(path, origin);
            }

            writer.WriteEndObject();
        })),
        ("notes", preview.Notes),
        ("verdict", preview.Verdict is not { } verdict ? null : new JsonPart(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("accepted");
            JsonValues.Write(writer, verdict.Accepted);
            writer.WriteString("message", verdict.Message);
            writer.WriteEndObject();
        })));
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Notifications;

/// <summary>What is told of a job: AWX's <c>job_metadata</c>.</summary>
internal sealed class NotificationBodies(IOptions<NotificationsOptions> options)
{
    /// <summary>The hosts whose figures are told of one job.</summary>
    public const int MostHosts = 1000;

    public string BaseUrl => options.Value.BaseUrl.TrimEnd('/');

    /// <returns>Null when there is no such job.</returns>
    public async Task<string?> OfJobAsync(AppDb db, long id, CancellationToken cancellationToken)
    {
        var run = await db.UnifiedJobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (run is null)
        {
            return null;
        }

        var author = await db.Users.Where(user => user.Id == run.CreatedById).Select(user => user.Username).SingleOrDefaultAsync(cancellationToken);
        var names = run is Job job ? await NamesAsync(db, job, cancellationToken) : null;
        var hosts = await db.JobHostSummaries.AsNoTracking().Where(summary => summary.JobId == id).OrderBy(summary => summary.HostName).Take(MostHosts)
            .ToListAsync(cancellationToken);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, run, author, names, hosts);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public string OfTest(long templateId) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["body"] = $"Test Notification {templateId} {BaseUrl}".TrimEnd() });

    private static async Task<Names> NamesAsync(AppDb db, Job job, CancellationToken cancellationToken) => new(
        await db.Inventories.Where(row => row.Id == job.InventoryId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken),
        await db.Projects.Where(row => row.Id == job.ProjectId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken),
        await db.JobCredentials.Where(place => place.JobId == job.Id).OrderBy(place => place.CredentialId).Select(place => place.Credential.Name)
            .ToListAsync(cancellationToken));

    private void Write(Utf8JsonWriter writer, UnifiedJob run, string? author, Names? names, IReadOnlyList<JobHostSummary> hosts)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", run.Id);
        writer.WriteString("name", run.Name);
        writer.WriteString("url", $"{BaseUrl}{Resource.Root}{run.Type}s/{run.Id}/");
        writer.WriteString("created_by", author);
        writer.WriteString("started", Moment(run.Started));
        writer.WriteString("finished", Moment(run.Finished));
        writer.WriteString("status", run.Status);
        writer.WriteString("traceback", run.ResultTraceback);
        writer.WriteString("job_explanation", run.JobExplanation);
        if (run is Job job)
        {
            writer.WriteString("inventory", names?.Inventory);
            writer.WriteString("project", names?.Project);
            writer.WriteString("playbook", job.Playbook);
            writer.WriteString("credential", names is null ? null : string.Join(", ", names.Credentials));
            writer.WriteString("limit", job.Limit);
            writer.WriteString("extra_vars", job.ExtraVars);
            WriteHosts(writer, hosts);
        }

        writer.WriteString("friendly_name", SnakeCase.ToTitle(run.Type));
        writer.WriteEndObject();
    }

    private static void WriteHosts(Utf8JsonWriter writer, IReadOnlyList<JobHostSummary> hosts)
    {
        writer.WriteStartObject("hosts");
        foreach (var host in hosts)
        {
            writer.WriteStartObject(host.HostName);
            writer.WriteBoolean("failed", host.Failed);
            writer.WriteNumber("changed", host.Changed);
            writer.WriteNumber("dark", host.Dark);
            writer.WriteNumber("failures", host.Failures);
            writer.WriteNumber("ok", host.Ok);
            writer.WriteNumber("processed", host.Processed);
            writer.WriteNumber("skipped", host.Skipped);
            writer.WriteNumber("rescued", host.Rescued);
            writer.WriteNumber("ignored", host.Ignored);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string? Moment(DateTime? moment) => moment?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);

    private sealed record Names(string? Inventory, string? Project, IReadOnlyList<string> Credentials);
}

using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>The newest jobs of templates, fetched for all rows of a page by one statement that follows the index.</summary>
internal sealed class RecentJobs
{
    private const int Shown = 10;

    private readonly ILookup<long, Entry> _byTemplate;

    private RecentJobs(IEnumerable<Entry> jobs) => _byTemplate = jobs.ToLookup(job => job.TemplateId);

    public static Loader<JobTemplate> Loader { get; } = new(async (page, cancellationToken) => await LoadAsync(page, cancellationToken));

    /// <summary>The newest that has ended.</summary>
    public DateTime? LastRun(JobTemplate template) => LastEnded(template)?.Finished;

    public bool LastFailed(JobTemplate template) => LastEnded(template)?.Failed ?? false;

    /// <summary>The newest job's status; AWX's word when there is none.</summary>
    public string Status(JobTemplate template) => Of(template).FirstOrDefault()?.Status ?? "never updated";

    public JsonPart Summary(JobTemplate template) => new(writer =>
    {
        writer.WriteStartArray();
        foreach (var job in Of(template))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", job.Id);
            writer.WriteString("status", job.Status);
            writer.WritePropertyName("finished");
            JsonValues.Write(writer, job.Finished);
            writer.WritePropertyName("canceled_on");
            JsonValues.Write(writer, job.CanceledOn);
            writer.WriteString("type", "job");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public JsonPart? LastJob(JobTemplate template) => LastEnded(template) is { } job
        ? new JsonPart(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", job.Id);
            writer.WriteString("name", job.Name);
            writer.WriteString("description", job.Description);
            writer.WritePropertyName("finished");
            JsonValues.Write(writer, job.Finished);
            writer.WriteString("status", job.Status);
            writer.WriteBoolean("failed", job.Failed);
            writer.WriteEndObject();
        })
        : null;

    private IEnumerable<Entry> Of(JobTemplate template) => _byTemplate[template.Id].OrderByDescending(job => job.Id);

    private Entry? LastEnded(JobTemplate template) => Of(template).FirstOrDefault(job => job.Finished is not null);

    private static async Task<RecentJobs> LoadAsync(LoadContext<JobTemplate> page, CancellationToken cancellationToken)
    {
        var (db, ids) = (page.Db, page.Rows.Select(row => (long?)row.Id).ToList());
        // A window over all jobs of a template would read them all: this reads the index as far as the tenth.
        var jobs = db.Jobs.AsNoTracking().Where(job => ids.Contains(job.JobTemplateId))
            .Where(job => job.Id >= db.Jobs.Where(other => other.JobTemplateId == job.JobTemplateId)
                .OrderByDescending(other => other.Id).Skip(Shown - 1).Select(other => other.Id).FirstOrDefault());
        return new RecentJobs(await jobs
            .Select(job => new Entry(
                job.JobTemplateId!.Value, job.Id, job.Name, job.Description, job.Status, job.Failed, job.Finished, job.CanceledOn))
            .ToListAsync(cancellationToken));
    }

    private sealed record Entry(
        long TemplateId, long Id, string Name, string Description, string Status, bool Failed, DateTime? Finished, DateTime? CanceledOn);
}

using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>What hosts show of their groups and jobs, fetched for all rows of a page at once.</summary>
internal sealed class HostDetails
{
    private const int ShownGroups = 5;

    private const int ShownJobs = 5;

    private ILookup<long, NamedRow> _groups = null!;
    private ILookup<long, RecentJob> _jobs = null!;

    private HostDetails()
    {
    }

    public static Loader<InventoryHost> Loader { get; } = new(async (page, cancellationToken) => await LoadAsync(page, cancellationToken));

    public object? LastSummaryOf(InventoryHost host) =>
        _jobs[host.Id].Where(job => job.JobId == host.LastJobId).Select(job => (object?)job.SummaryId).FirstOrDefault();

    public JsonPart GroupsOf(InventoryHost host) => new(writer =>
    {
        var groups = _groups[host.Id].ToList();
        writer.WriteStartObject();
        writer.WriteNumber("count", groups.Count);
        writer.WriteStartArray("results");
        foreach (var group in groups.Take(ShownGroups))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", group.Id);
            writer.WriteString("name", group.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public JsonPart RecentJobsOf(InventoryHost host) => new(writer =>
    {
        writer.WriteStartArray();
        foreach (var job in _jobs[host.Id].OrderByDescending(job => job.JobId))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", job.JobId);
            writer.WriteString("name", job.Name);
            writer.WriteString("type", "job");
            writer.WriteString("status", job.Status);
            writer.WritePropertyName("finished");
            JsonValues.Write(writer, job.Finished);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static async Task<HostDetails> LoadAsync(LoadContext<InventoryHost> page, CancellationToken cancellationToken)
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        var groups = await page.Db.GroupHosts.Where(m => ids.Contains(m.HostId)).OrderBy(m => m.Group.Name)
            .Select(m => new { m.HostId, Group = new NamedRow(m.GroupId, m.Group.Name) }).ToListAsync(cancellationToken);
        // A window over all summaries of a host would read them all: this reads the index as far as the fifth.
        var db = page.Db;
        var summaries =
            from summary in db.JobHostSummaries
            where summary.HostId != null && ids.Contains(summary.HostId.Value)
                && summary.Id >= db.JobHostSummaries.Where(other => other.HostId == summary.HostId)
                    .OrderByDescending(other => other.Id).Skip(ShownJobs - 1).Select(other => other.Id).FirstOrDefault()
            join job in db.Jobs.VisibleTo(db, page.Caller) on summary.JobId equals job.Id
            select new { HostId = summary.HostId!.Value, Job = new RecentJob(job.Id, summary.Id, job.Name, job.Status, job.Finished) };
        return new HostDetails
        {
            _groups = groups.ToLookup(m => m.HostId, m => m.Group),
            _jobs = (await summaries.ToListAsync(cancellationToken)).ToLookup(s => s.HostId, s => s.Job),
        };
    }

    private sealed record NamedRow(long Id, string Name);

    private sealed record RecentJob(long JobId, long SummaryId, string Name, string Status, DateTime? Finished);
}

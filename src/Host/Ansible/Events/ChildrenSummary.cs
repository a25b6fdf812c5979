using System.Globalization;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>AWX's <c>/jobs/N/job_events/children_summary/</c>: how many events lie below each, and where it stands among all.</summary>
internal static class ChildrenSummary
{
    /// <summary>AWX gives up the tree above so many events.</summary>
    private const int MostEvents = 4000;

    public static async Task GetAsync(ApiCall call, Job job)
    {
        var events = await call.Db.JobEvents.VisibleTo(call.Db, call.Caller).AsNoTracking().Where(e => e.JobId == job.Id)
            .OrderBy(e => e.Counter).Select(e => new EventPlace(e.Counter, e.Uuid, e.ParentUuid, e.Event)).Take(MostEvents + 1)
            .ToListAsync(call.Cancellation);
        var isTree = events.Count <= MostEvents && !events.Any(e => e.Event is "verbose" && e.ParentUuid.Length > 0);
        var children = isTree ? Count(events) : [];
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("children_summary");
            foreach (var (counter, (row, count)) in children)
            {
                writer.WriteStartObject(counter.ToString(CultureInfo.InvariantCulture));
                writer.WriteNumber("rowNumber", row);
                writer.WriteNumber("numChildren", count);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteStartObject("meta_event_nested_uuid");
            writer.WriteEndObject();
            writer.WriteBoolean("event_processing_finished", job.EventProcessingFinished);
            writer.WriteBoolean("is_tree", isTree);
            writer.WriteEndObject();
        });
    }

    /// <summary>Counts everything below an event, at any depth: a child comes after its parent, so one walk from the end is enough.</summary>
    private static IEnumerable<KeyValuePair<int, (int Row, int Count)>> Count(IReadOnlyList<EventPlace> events)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < events.Count; row++)
        {
            rows.TryAdd(events[row].Uuid, row);
        }

        var counts = new int[events.Count];
        for (var row = events.Count - 1; row >= 0; row--)
        {
            if (rows.TryGetValue(events[row].ParentUuid, out var parent) && parent < row)
            {
                counts[parent] += counts[row] + 1;
            }
        }

        return Enumerable.Range(0, events.Count).Where(row => counts[row] > 0)
            .Select(row => KeyValuePair.Create(events[row].Counter, (row, counts[row])));
    }

    private sealed record EventPlace(int Counter, string Uuid, string ParentUuid, string Event);
}

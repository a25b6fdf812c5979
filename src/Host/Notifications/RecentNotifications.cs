using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Notifications;

/// <summary>The newest notifications of the templates of a page, fetched by one statement that follows the index.</summary>
internal sealed class RecentNotifications
{
    private const int Shown = 5;

    private readonly ILookup<long, Entry> _byTemplate;

    private RecentNotifications(IEnumerable<Entry> entries) => _byTemplate = entries.ToLookup(entry => entry.TemplateId);

    public static Loader<NotificationTemplate> Loader { get; } = new(async (page, cancellationToken) =>
    {
        var (db, ids) = (page.Db, page.Rows.Select(row => row.Id).ToList());
        return new RecentNotifications(await db.Notifications.AsNoTracking().Where(row => ids.Contains(row.NotificationTemplateId))
            .Where(row => row.Id >= db.Notifications.Where(other => other.NotificationTemplateId == row.NotificationTemplateId)
                .OrderByDescending(other => other.Id).Skip(Shown - 1).Select(other => other.Id).FirstOrDefault())
            .Select(row => new Entry(row.NotificationTemplateId, row.Id, row.Status, row.Created, row.Error)).ToListAsync(cancellationToken));
    });

    public JsonPart Of(long template) => new(writer =>
    {
        writer.WriteStartArray();
        foreach (var entry in _byTemplate[template].OrderByDescending(entry => entry.Id))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", entry.Id);
            writer.WriteString("status", entry.Status);
            writer.WriteString("created", JsonValues.Moment(entry.Created));
            writer.WriteString("error", entry.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private sealed record Entry(long TemplateId, long Id, string Status, DateTime Created, string Error);
}

using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Activity;

/// <summary>The objects of the entries of a page, as far as they are still there and the caller may see them, and who made the changes: as
/// many statements as there are kinds of objects, whatever the number of entries.</summary>
internal sealed class ActivityObjects
{
    private readonly Dictionary<string, (IReadOnlyDictionary<long, object> Rows, RowPage Page)> _byKind = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Actor> _actors = [];

    private ActivityObjects()
    {
    }

    public static Loader<ActivityEntry> Loader { get; } = new(async (page, cancellationToken) =>
    {
        var objects = new ActivityObjects();
        await objects.LoadAsync(page, cancellationToken);
        return objects;
    });

    /// <summary>Lists of URLs, as in AWX: an entry may have two objects of one kind.</summary>
    public JsonPart RelatedOf(ActivityEntry entry) => new(writer =>
    {
        writer.WriteStartObject();
        if (entry.ActorId is { } actor)
        {
            writer.WriteString("actor", $"{Resource.Root}users/{actor}/");
        }

        foreach (var kind in ObjectsOf(entry).GroupBy(one => one.Kind, StringComparer.Ordinal))
        {
            writer.WriteStartArray(kind.Key);
            foreach (var (_, _, page, id) in kind)
            {
                writer.WriteStringValue(page.Resource.UrlOf(id));
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    public JsonPart SummaryOf(ActivityEntry entry) => new(writer =>
    {
        writer.WriteStartObject();
        foreach (var kind in ObjectsOf(entry).GroupBy(one => one.Kind, StringComparer.Ordinal))
        {
            writer.WriteStartArray(kind.Key);
            foreach (var (_, row, page, _) in kind)
            {
                page.Resource.WriteSummary(writer, row, page, page.Resource.SummaryKeys);
            }

            writer.WriteEndArray();
        }

        WriteActor(writer, entry);
        writer.WriteEndObject();
    });

    private void WriteActor(Utf8JsonWriter writer, ActivityEntry entry)
    {
        var actor = entry.ActorId is { } id ? _actors.GetValueOrDefault(id) : null;
        if (actor is null && entry.FormerActor.Length == 0)
        {
            return;
        }

        writer.WriteStartObject("actor");
        writer.WritePropertyName("id");
        JsonValues.Write(writer, actor?.Id);
        writer.WriteString("username", actor?.Username ?? entry.FormerActor);
        if (actor is not null)
        {
            writer.WriteString("first_name", actor.FirstName);
            writer.WriteString("last_name", actor.LastName);
        }

        writer.WriteEndObject();
    }

    private IEnumerable<(string Kind, object Row, RowPage Page, long Id)> ObjectsOf(ActivityEntry entry)
    {
        foreach (var (kind, id) in NamedBy(entry).Distinct())
        {
            if (_byKind.TryGetValue(kind, out var found) && found.Rows.TryGetValue(id, out var row))
            {
                yield return (kind, row, found.Page, id);
            }
        }
    }

    private static IEnumerable<(string Kind, long Id)> NamedBy(ActivityEntry entry)
    {
        yield return (entry.Object1, entry.Object1Id);
        if (entry.Object2Id is { } other)
        {
            yield return (entry.Object2, other);
        }
    }

    private async Task LoadAsync(LoadContext<ActivityEntry> page, CancellationToken cancellationToken)
    {
        var request = page.Request;
        foreach (var kind in page.Rows.SelectMany(NamedBy).GroupBy(one => one.Kind, StringComparer.Ordinal))
        {
            if (request.Catalog.Resources.FirstOrDefault(resource => resource.TypeName == kind.Key) is { } target)
            {
                var ids = kind.Select(one => one.Id).Distinct().ToList();
                _byKind[kind.Key] = await target.LoadSummariesAsync(request, ids, target.SummaryKeys, cancellationToken);
            }
        }

        var actors = page.Rows.Select(entry => entry.ActorId).OfType<long>().Distinct().ToList();
        var found = await page.Db.Users.Where(user => actors.Contains(user.Id))
            .Select(user => new Actor(user.Id, user.Username, user.FirstName, user.LastName)).ToListAsync(cancellationToken);
        found.ForEach(actor => _actors[actor.Id] = actor);
    }

    private sealed record Actor(long Id, string Username, string FirstName, string LastName);
}

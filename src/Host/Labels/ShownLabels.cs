using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Labels;

/// <summary>A label of one template or job.</summary>
internal sealed record PlacedLabel(long OwnerId, long Id, string Name);

/// <summary>The labels of the rows of a page that the caller may see, fetched by one statement.</summary>
internal sealed class ShownLabels
{
    /// <summary>How many are shown with the number of all.</summary>
    private const int Shown = 5;

    private readonly ILookup<long, PlacedLabel> _byOwner;

    private ShownLabels(IEnumerable<PlacedLabel> labels) => _byOwner = labels.ToLookup(label => label.OwnerId);

    public static async Task<ShownLabels> LoadAsync<T, TPlace>(
        LoadContext<T> page, IQueryable<TPlace> places, Expression<Func<TPlace, PlacedLabel>> read, CancellationToken cancellationToken)
        where TPlace : class
    {
        var visible = page.Db.Labels.VisibleTo(page.Db, page.Caller).Select(label => label.Id);
        var found = await places.AsNoTracking().Where(Visible<TPlace>(page.Caller.SeesEverything, visible)).Select(read).ToListAsync(cancellationToken);
        return new ShownLabels(found.OrderBy(label => label.Name, StringComparer.Ordinal).ThenBy(label => label.Id));
    }

    public JsonPart Of(long owner) => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", _byOwner[owner].Count());
        writer.WriteStartArray("results");
        foreach (var label in _byOwner[owner].Take(Shown))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", label.Id);
            writer.WriteString("name", label.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static Expression<Func<TPlace, bool>> Visible<TPlace>(bool all, IQueryable<long> visible)
    {
        var place = Expression.Parameter(typeof(TPlace), "place");
        return Expression.Lambda<Func<TPlace, bool>>(
            all
                ? Expression.Constant(true)
                : Expression.Call(
                    typeof(Queryable), nameof(Queryable.Contains), [typeof(long)], visible.Expression, Expression.Property(place, "LabelId")),
            place);
    }
}

using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// What is expanded below several rows, read by one statement for all of them. Only so many rows are held at a time: the fewer rows each
/// may have below it, the more are read together.
/// </summary>
internal sealed class ExpandedRows(ReadContext context, DatabaseRead database)
{
    private const int Most = 5000;

    private readonly Dictionary<ShapeCollection, (EntityQuery Query, Dictionary<object, List<object?[]>> Rows)> _read = [];

    /// <summary>How many rows are read for together; 1 when each is read for alone.</summary>
    public int BatchSize(Shape shape)
    {
        var together = shape.Collections.Where(SharedQuery.CanBe).ToList();
        return together.Count == 0
            ? 1
            : together.Min(collection => Math.Max(1, Most / (Math.Min(collection.Options.Top ?? int.MaxValue, context.Limits.PageSize) + 1)));
    }

    /// <summary>Reads what is below these rows, and forgets what was below others.</summary>
    public async Task ReadAsync(Shape shape, IReadOnlyList<object?[]> parents, CancellationToken cancellationToken)
    {
        _read.Clear();
        foreach (var collection in parents.Count < 2 ? [] : shape.Collections.Where(SharedQuery.CanBe))
        {
            var target = collection.Navigation.Target;
            var single = EntityQuery.Build(context, target, context.Rows(target), collection.Options, context.Limits.PageSize, 0);
            List<long> keys = [.. parents.Select(parent => (long)parent[collection.ParentCell]!)];
            var rows = keys.ToDictionary(key => (object)key, _ => new List<object?[]>());
            // One more than fits tells that there are more; what $top ends has no more.
            var most = collection.Options.Top <= single.PageSize ? single.PageSize : single.PageSize + 1;
            var query = SharedQuery.Build(context, shape.Entity!, collection, keys, most);
            await foreach (var row in database.RowsAsync(query, cancellationToken))
            {
                // Whose it is comes last.
                rows[row[^1]!].Add(row[..^1]);
            }

            _read.Add(collection, (single, rows));
        }
    }

    /// <summary>The rows below one that was read for; null when it has to be read for alone.</summary>
    public (EntityQuery Query, List<object?[]> Rows)? Of(ShapeCollection collection, object parent) =>
        _read.TryGetValue(collection, out var found) && found.Rows.TryGetValue(parent, out var rows) ? (found.Query, rows) : null;
}

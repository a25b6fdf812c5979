using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// What is expanded below several rows, and below that again, read by one statement for each level. Only so many rows are held at a time:
/// the fewer each may have below it, the more are read for together.
/// </summary>
internal sealed class ExpandedRows(ReadContext context, DatabaseRead database)
{
    private const int Most = 5000;

    private readonly Dictionary<ShapeCollection, Dictionary<object, Below>> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many rows are read for together; 1 when each is read for alone.</summary>
    public int BatchSize(Shape shape) => (int)Math.Clamp(Most / Math.Max(1, Weight(shape)), 1, Most);

    /// <summary>Reads what is below these rows, in place of what was below others of this shape.</summary>
    public async Task ReadAsync(Shape shape, IReadOnlyList<RowValues> rows, CancellationToken cancellationToken)
    {
        if (rows.Count < 2)
        {
            return;
        }

        foreach (var (owner, collection) in Shared(shape))
        {
            List<long> keys = [.. rows.Select(row => row[collection.ParentCell]).OfType<long>().Distinct()];
            var below = _read[collection] = keys.ToDictionary(key => (object)key, _ => new Below());
            if (keys.Count == 0)
            {
                continue;
            }

            await CountAsync(collection, keys, below, cancellationToken);
            if (collection.Form != CollectionForm.Count)
            {
                await ReadAsync(owner, collection, keys, below, cancellationToken);
            }
        }
    }

    /// <summary>What is below one row that was read for; null when it has to be read for alone.</summary>
    public Below? Of(ShapeCollection collection, object parent) => _read.GetValueOrDefault(collection)?.GetValueOrDefault(parent);

    private async Task CountAsync(ShapeCollection collection, List<long> keys, Dictionary<object, Below> below, CancellationToken cancellationToken)
    {
        if (!collection.IsCounted)
        {
            return;
        }

        await foreach (var row in database.RowsAsync(SharedQuery.BuildCounts(context, collection, keys), cancellationToken))
        {
            below[row[0]!].Count = (long)row[1]!;
        }
    }

    private async Task ReadAsync(
        Shape owner, ShapeCollection collection, List<long> keys, Dictionary<object, Below> below, CancellationToken cancellationToken)
    {
        var page = collection.Page;
        // One more than fits tells that there are more; what $top ends has no more.
        var most = collection.Options.Top <= page.Size ? page.Size : page.Size + 1;
        var all = new List<RowValues>();
        await foreach (var row in SharedAsync(owner, collection, keys, most).WithCancellation(cancellationToken))
        {
            // Whose it is comes last.
            var kept = new KeptRow(row.Copy(page.Cells));
            below[row[page.Cells]!].Rows.Add(kept);
            all.Add(kept);
        }

        await ReadAsync(page.Shape, all, cancellationToken);
    }

    private async IAsyncEnumerable<RowValues> SharedAsync(Shape owner, ShapeCollection collection, List<long> keys, int most)
    {
        Expression? query = null;
        if (collection.Shared is not { } statement)
        {
            (query, var values) = SharedQuery.Build(context, owner.Entity!, collection, keys, most);
            statement = database.StatementOf(query, values, [(Varying.Below, keys)]);
        }

        await foreach (var row in database.RowsAsync(statement, [keys], query))
        {
            yield return row;
        }

        if (statement is { IsReusable: true, IsProven: true } && !context.IsBoundToNow)
        {
            collection.Shared = statement;
        }
    }

    /// <summary>How many rows may be held for one row of a shape.</summary>
    private static double Weight(Shape shape) => Shared(shape).Where(shared => shared.Collection.Form != CollectionForm.Count).Sum(shared =>
        (shared.Collection.Navigation.IsCollection ? shared.Collection.Page.Size + 1.0 : 1.0) * (1 + Weight(shared.Collection.Page.Shape)));

    /// <summary>The collections of a row, and of the entities that stand in the same row, that can be read for several together.</summary>
    private static IEnumerable<(Shape Owner, ShapeCollection Collection)> Shared(Shape shape) =>
        shape.Collections.Where(SharedQuery.CanBe).Select(collection => (shape, collection))
            .Concat(shape.Entities.SelectMany(entity => Shared(entity.Shape)));

    /// <summary>What is below one row.</summary>
    internal sealed class Below
    {
        public List<RowValues> Rows { get; } = [];

        public long Count { get; set; }
    }
}

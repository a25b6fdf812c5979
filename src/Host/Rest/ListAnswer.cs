using System.Linq.Expressions;
using ContainerGroups.Host.Rest.Filters;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>Answers with a page of rows, as the query string asks.</summary>
internal static class ListAnswer
{
    public static async Task WriteAsync<T>(
        ApiCall call, Resource<T> resource, IQueryable<T> rows, Expression<Func<T, int>>? position = null, object? scope = null)
        where T : class
    {
        var query = new ListQuery(call.Http.Request);
        var binder = new FilterBinder(call.Catalog, call.Db, call.Caller);
        var matching = query.Filter(rows, resource, binder);
        var sorted = query.Sort(matching, resource, binder, position).AsNoTracking();
        try
        {
            await WriteAsync(call, resource, query, matching, sorted, scope);
        }
        catch (Exception e) when (DatabaseErrors.IsBadQuery(e))
        {
            throw ApiException.BadRequest("The database can't make sense of the query; is a regular expression in it wrong?");
        }
    }

    private static async Task WriteAsync<T>(
        ApiCall call, Resource<T> resource, ListQuery query, IQueryable<T> matching, IQueryable<T> sorted, object? scope)
        where T : class
    {
        var limited = resource.AllowsLimit && query.Limit is not null;
        if (limited || query.CountDisabled)
        {
            var size = limited ? query.Limit!.Value : query.PageSize;
            var skipped = limited ? 0 : (query.UncountedPageNumber() - 1) * size;
            var some = await sorted.Skip(skipped).Take(size).ToListAsync(call.Cancellation);
            await WriteAsync(call, resource, query, some, null, scope);
            return;
        }

        var count = await matching.LongCountAsync(call.Cancellation);
        var number = query.PageNumber(count);
        var page = await sorted.Skip((number - 1) * query.PageSize).Take(query.PageSize).ToListAsync(call.Cancellation);
        var next = (long)number * query.PageSize < count ? query.Link(number + 1) : null;
        var previous = number > 1 ? query.Link(number - 1) : null;
        await WriteAsync(call, resource, query, page, (count, next, previous), scope);
    }

    private static async Task WriteAsync<T>(
        ApiCall call, Resource<T> resource, ListQuery query, List<T> rows, (long Count, string? Next, string? Previous)? numbers, object? scope)
        where T : class
    {
        // A list of several kinds of objects shows each as its own kind does.
        var pages = new Dictionary<Resource, RowPage>();
        foreach (var kind in rows.GroupBy(row => OwnKind(call, resource, row)))
        {
            pages[kind.Key] = await kind.Key.LoadAsync(call.PageRequest with { Scope = scope }, [.. kind], call.Cancellation);
            pages[kind.Key].ShowsWholeTexts = query.ShowsWholeTexts;
        }

        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            if (numbers is { } known)
            {
                writer.WriteNumber("count", known.Count);
                writer.WriteString("next", known.Next);
                writer.WriteString("previous", known.Previous);
            }

            writer.WriteStartArray("results");
            foreach (var row in rows)
            {
                var own = OwnKind(call, resource, row);
                own.WriteRow(writer, row, pages[own]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static Resource OwnKind<T>(ApiCall call, Resource<T> resource, T row)
        where T : class =>
        row.GetType() == typeof(T) ? resource : call.Catalog.Find(row.GetType()) ?? resource;
}

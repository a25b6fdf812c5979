using System.Globalization;
using System.Linq.Expressions;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Rest.Filters;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>Finds the object that a path names, by id or by name, and makes names.</summary>
internal static class RowLookup
{
    /// <summary>The object, as the caller may see it. All-digit segments are ids, always.</summary>
    /// <exception cref="ApiException">404 when there is none; 403 when it is there but not for the caller.</exception>
    public static async Task<T> FindAsync<T>(ApiCall call, Resource<T> resource, string segment, bool tracked = false)
        where T : class
    {
        var visible = resource.VisibleRows(call.Db, call.Caller);
        visible = tracked ? visible.AsTracking() : visible.AsNoTracking();
        if (segment.Length > 0 && segment.All(char.IsAsciiDigit))
        {
            var id = long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            return await visible.SingleOrDefaultAsync(Resource<T>.HasId(id), call.Cancellation)
                ?? throw (await resource.Rows(call.Db).AnyAsync(Resource<T>.HasId(id), call.Cancellation)
                    ? ApiException.Forbidden()
                    : ApiException.NoMatch(resource.ModelName));
        }

        return Named(call, resource, segment) is { } condition
            && await visible.Where(condition).OrderBy(Resource<T>.KeyLambda).FirstOrDefaultAsync(call.Cancellation) is { } row
                ? row
                : throw ApiException.NoMatch(resource.ModelName);
    }

    /// <summary>The object's URL by name; null when it has none.</summary>
    public static async Task<string?> NamedUrlAsync<T>(ApiCall call, Resource<T> resource, long id)
        where T : class
    {
        if (resource.NamedUrl is not { } form)
        {
            return null;
        }

        var row = Expression.Parameter(typeof(T), "row");
        var binder = new FilterBinder(call.Catalog, call.Db, call.Caller);
        var paths = Paths(call.Catalog, resource, form).ToList();
        var columns = paths.SelectMany(part => part).Select(path => binder.BindColumn(resource, row, path));
        var select = Expression.Lambda<Func<T, string?[]>>(Expression.NewArrayInit(typeof(string), columns), row);
        var values = await call.Db.Set<T>().AsNoTracking().Where(Resource<T>.HasId(id)).Select(select).SingleOrDefaultAsync(call.Cancellation);
        if (values is null || string.IsNullOrEmpty(values[0]))
        {
            return null;
        }

        var next = 0;
        var parts = paths.Select(part => part.Select(_ => values[next++] ?? "").ToList()).ToList();
        var segment = NamedUrlForm.Format(parts);
        return segment.All(char.IsAsciiDigit) ? null : $"{resource.ListUrl}{segment}/";
    }

    private static Expression<Func<T, bool>>? Named<T>(ApiCall call, Resource<T> resource, string segment)
        where T : class
    {
        if (resource.NamedUrl is not { } form || segment.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var paths = Paths(call.Catalog, resource, form).ToList();
        var given = NamedUrlForm.Parse(segment);
        if (given.Count == 1 && form.ParentsOptional)
        {
            paths = [paths[0]];
        }

        if (paths.Count != given.Count || paths.Zip(given).Any(pair => pair.First.Count != pair.Second.Count))
        {
            return null;
        }

        var row = Expression.Parameter(typeof(T), "row");
        var binder = new FilterBinder(call.Catalog, call.Db, call.Caller);
        return Expression.Lambda<Func<T, bool>>(
            paths.SelectMany(part => part).Zip(given.SelectMany(part => part))
                .Select(pair => Matches(binder.BindColumn(resource, row, pair.First), pair.Second, isParent: pair.First.Count > 1))
                .Aggregate(Expression.AndAlso),
            row);
    }

    // The name of a missing owner is empty in the URL and null in the query.
    private static BinaryExpression Matches(Expression column, string text, bool isParent) => isParent && text.Length == 0
        ? Expression.Equal(column, Expression.Constant(null, typeof(string)))
        : Expression.Equal(column, Predicates.Parameter(text, typeof(string)));

    /// <summary>The columns of a name: first the object's own, then each owner's, depth first.</summary>
    private static IEnumerable<IReadOnlyList<IReadOnlyList<string>>> Paths(
        ResourceCatalog catalog, Resource resource, NamedUrlForm form, params string[] prefix)
    {
        yield return [.. form.Fields.Select(field => (IReadOnlyList<string>)[.. prefix, field])];
        foreach (var parent in form.Parents)
        {
            if (resource.FindField(parent)?.Reference is ForeignKey reference
                && catalog.Find(reference.Target) is { NamedUrl: { } parentForm } target)
            {
                foreach (var part in Paths(catalog, target, parentForm, [.. prefix, parent]))
                {
                    yield return part;
                }
            }
        }
    }
}

using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>The description of the objects that are rows of <typeparamref name="T"/>.</summary>
internal sealed class Resource<T>(Func<AppDb, Caller, IQueryable<T>> visible) : Resource
    where T : class
{
    private static readonly Expression<Func<T, long>> KeyExpression = MakeKey();
    private static readonly Func<T, long> KeyOf = KeyExpression.Compile();

    public required IReadOnlyList<Field<T>> Fields { get; init; }

    /// <summary>Names under <c>related</c> besides those of foreign keys, with where they lead.</summary>
    public IReadOnlyList<(string Name, Func<T, RowPage, string?> Url)> RelatedLinks { get; set; } = [];

    /// <summary>Parts of <c>summary_fields</c> besides those of foreign keys.</summary>
    public IReadOnlyList<Field<T>> Summaries { get; set; } = [];

    public IReadOnlyList<SubList<T>> SubLists { get; set; } = [];

    public IReadOnlyList<ResourceAction<T>> Actions { get; set; } = [];

    public required WriteRules<T> Rules { get; init; }

    /// <summary>Who may write.</summary>
    public required AccessRules<T> Access { get; init; }

    /// <summary>Makes an object in another way than by storing what the body says; null for the plain way.</summary>
    public Func<Write<T>, Task<T>>? Creator { get; init; }

    /// <summary>All rows of the resource, whoever asks: those of the entity, unless others have some of them.</summary>
    public Func<AppDb, IQueryable<T>> Rows { get; init; } = db => db.Set<T>();

    /// <summary>The key, as an expression over a row.</summary>
    public static Expression<Func<T, long>> KeyLambda => KeyExpression;

    public static Func<T, long> KeyLambdaCompiled => KeyOf;

    public override Type EntityType => typeof(T);

    public override IReadOnlyList<Field> AllFields => Fields;

    public override LambdaExpression Key => KeyExpression;

    public override long IdOf(object row) => KeyOf((T)row);

    public IQueryable<T> VisibleRows(AppDb db, Caller caller) => visible(db, caller);

    public override IQueryable Visible(AppDb db, Caller caller) => visible(db, caller);

    /// <summary>Whether a row has this id.</summary>
    public static Expression<Func<T, bool>> HasId(long id) => Predicates.Equal(KeyExpression, id);

    public override async Task<bool> AllowsAsync(AppDb db, Caller caller, long id, string right, CancellationToken cancellationToken) =>
        caller.IsSuperuser
        || (Access.Find(right) is { } rule && await db.Set<T>().Where(HasId(id)).AnyAsync(rule(db, caller), cancellationToken));

    public override async Task<bool> AllowsAnyAsync(AppDb db, Caller caller, string right, CancellationToken cancellationToken) =>
        caller.IsSuperuser || (Access.Find(right) is { } rule && await db.Set<T>().AnyAsync(rule(db, caller), cancellationToken));

    public override async Task<bool> AllowsCreationAsync(ApiCall call) =>
        call.Caller.IsSuperuser || (Access.Creation is { } rule && await rule(call));

    /// <exception cref="ApiException">403: the caller sees the row, and may not do this with it.</exception>
    public Task DemandAsync(ApiCall call, T row, string right) => DemandAsync(call, KeyOf(row), right);

    public override Task<RowPage> LoadAsync(PageRequest request, IReadOnlyList<object> rows, CancellationToken cancellationToken) =>
        LoadAsync(request, rows, Fields.Where(field => !field.Hidden).Concat(Summaries), withReferences: true, cancellationToken);

    public override async Task<(IReadOnlyDictionary<long, object> Rows, RowPage Page)> LoadSummariesAsync(
        PageRequest request, IReadOnlyCollection<long> ids, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        // What the caller may not see is not told of by what refers to it either.
        var rows = await visible(request.Db, request.Caller).AsNoTracking().Where(Predicates.In(KeyExpression, ids)).ToListAsync(cancellationToken);
        var page = await LoadAsync(
            request, rows, Fields.Where(field => keys.Contains(field.Name)), withReferences: false, cancellationToken);
        return (rows.ToDictionary(KeyOf, row => (object)row), page);
    }

    public override void WriteRow(Utf8JsonWriter writer, object row, RowPage page)
    {
        writer.WriteStartObject();
        page.WriteExtra?.Invoke(writer);
        foreach (var field in Fields.Where(field => !field.Hidden && (page.IsDetail || !field.DetailOnly)))
        {
            writer.WritePropertyName(field.Name);
            JsonValues.Write(writer, field.Value((T)row, page));
        }

        writer.WriteEndObject();
    }

    public override void WriteSummary(Utf8JsonWriter writer, object row, RowPage page, IReadOnlyList<string> keys)
    {
        writer.WriteStartObject();
        foreach (var key in keys)
        {
            // AWX leaves null out of summaries.
            if (Fields.FirstOrDefault(field => field.Name == key)?.Value((T)row, page) is { } value)
            {
                writer.WritePropertyName(key);
                JsonValues.Write(writer, value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Maps a URL below each object to what another capability shows of it.</summary>
    public void MapBelow(IEndpointRouteBuilder endpoints, string name, Func<ApiCall, T, Task> get)
    {
        const int keySegment = 3;
        new ApiEndpoint().Get(async call => await get(call, await RowLookup.FindAsync(call, this, call.PathSegment(keySegment))))
            .Map(endpoints, $"{Root}{Segment}/{{key}}/{name}");
    }

    public override void Map(IEndpointRouteBuilder endpoints, ResourceCatalog catalog) =>
        new ResourceEndpoints<T>(this, catalog).Map(endpoints);

    private async Task<RowPage> LoadAsync(
        PageRequest request, IReadOnlyList<object> rows, IEnumerable<Field<T>> shown, bool withReferences, CancellationToken cancellationToken)
    {
        var page = new RowPage(this, request.Catalog, request.Caller);
        var context = new LoadContext<T>(request, [.. rows.Cast<T>()]);
        foreach (var loader in shown.Select(field => field.Loader).OfType<Loader<T>>().Distinct())
        {
            page.Add(loader, await loader.LoadAsync(context, cancellationToken));
        }

        if (withReferences)
        {
            await LoadReferencesAsync(request, context.Rows, page, cancellationToken);
        }

        return page;
    }

    private async Task LoadReferencesAsync(PageRequest request, IReadOnlyList<T> rows, RowPage page, CancellationToken cancellationToken)
    {
        foreach (var references in Fields.Where(field => field.Reference is { InSummary: true }).GroupBy(field => field.Reference!.Target))
        {
            if (request.Catalog.Find(references.Key) is { } target)
            {
                var ids = rows.SelectMany(row => references.Select(field => field.Value(row, page) as long?)).OfType<long>().Distinct().ToList();
                var keys = references.SelectMany(field => field.Reference!.SummaryKeys ?? target.SummaryKeys).Distinct().ToList();
                if (ids.Count > 0)
                {
                    var (found, foundPage) = await target.LoadSummariesAsync(request, ids, keys, cancellationToken);
                    page.AddReferenced(references.Key, found, foundPage);
                }
            }
        }
    }

    private static Expression<Func<T, long>> MakeKey()
    {
        var row = Expression.Parameter(typeof(T), "row");
        return Expression.Lambda<Func<T, long>>(Expression.Property(row, "Id"), row);
    }
}

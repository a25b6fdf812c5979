using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>Fetches what some computed fields need, for all rows of a page at once: one fixed number of SQL statements, whatever the
/// number of rows.</summary>
internal sealed class Loader<T>(Func<LoadContext<T>, CancellationToken, Task<object>> load)
{
    public Task<object> LoadAsync(LoadContext<T> context, CancellationToken cancellationToken) => load(context, cancellationToken);
}

/// <summary>What a <see cref="Loader{T}"/> works with.</summary>
internal sealed record LoadContext<T>(PageRequest Request, IReadOnlyList<T> Rows)
{
    public AppDb Db => Request.Db;

    public Caller Caller => Request.Caller;

    /// <summary>What the list is about, where that is more than its rows; null otherwise.</summary>
    public object? Scope => Request.Scope;
}

/// <summary>Rows of one resource together with everything that was loaded to show them.</summary>
internal sealed class RowPage(Resource resource, ResourceCatalog catalog, Caller caller)
{
    private readonly Dictionary<object, object> _data = [];
    private readonly Dictionary<Type, (IReadOnlyDictionary<long, object> Rows, RowPage Page)> _referenced = [];

    public Resource Resource => resource;

    public ResourceCatalog Catalog => catalog;

    public Caller Caller => caller;

    /// <summary>The object's URL by name, for <c>related.named_url</c>; null in lists.</summary>
    public string? NamedUrl { get; set; }

    /// <summary>Whether one object is shown by itself, with the fields that lists leave out.</summary>
    public bool IsDetail { get; set; }

    /// <summary>Members that an answer puts before the object's own; null for none.</summary>
    public Action<Utf8JsonWriter>? WriteExtra { get; set; }

    /// <summary>Whether a list shows long texts whole: <c>no_truncate=1</c>.</summary>
    public bool ShowsWholeTexts { get; set; }

    /// <summary>What a loader fetched.</summary>
    public TData Data<TData>(object loader) => (TData)_data[loader];

    public void Add(object loader, object data) => _data[loader] = data;

    public void AddReferenced(Type target, IReadOnlyDictionary<long, object> rows, RowPage page) => _referenced[target] = (rows, page);

    /// <summary>A row that a foreign key refers to; null when it isn't there.</summary>
    public (object Row, RowPage Page)? Referenced(Type target, long id) =>
        _referenced.TryGetValue(target, out var found) && found.Rows.TryGetValue(id, out var row) ? (row, found.Page) : null;
}

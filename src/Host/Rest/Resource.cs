using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>
/// The description of one kind of object of the API. It drives lists, details, writes, filters, order, search, <c>OPTIONS</c> and
/// serialisation; made by <see cref="ResourceBuilder{T}"/>.
/// </summary>
internal abstract class Resource
{
    public const string Root = "/api/v2/";

    /// <summary>AWX's name of the type: <c>instance_group</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>The type as people say it: <c>instance group</c>.</summary>
    public required string VerboseName { get; init; }

    /// <summary>The name in error messages: <c>InstanceGroup</c>.</summary>
    public required string ModelName { get; init; }

    /// <summary>The part of the URL: <c>instance_groups</c>.</summary>
    public required string Segment { get; init; }

    /// <summary>The key in the API's root; null to leave it out there.</summary>
    public string? RootKey { get; set; }

    public required ResourceMethods Methods { get; init; }

    public IReadOnlyList<string> SearchFields { get; set; } = [];

    /// <summary>Paths as in <c>order_by</c>.</summary>
    public IReadOnlyList<string> DefaultOrder { get; set; } = ["id"];

    /// <summary>The keys of the object under <c>summary_fields</c> of objects that refer to it.</summary>
    public IReadOnlyList<string> SummaryKeys { get; set; } = ["id", "name", "description"];

    public IReadOnlyList<Relation> Relations { get; set; } = [];

    public NamedUrlForm? NamedUrl { get; set; }

    /// <summary>Whether <c>limit=N</c> gives the first N rows without a count, as lists of events do.</summary>
    public bool AllowsLimit { get; set; }

    /// <summary>One of <see cref="ObjectKinds"/> when the objects have roles; null otherwise.</summary>
    public string? RoleKind { get; init; }

    /// <summary>Whether another resource is the entity's own: this one only shows some of its rows in another way.</summary>
    public bool IsSecondary { get; init; }

    /// <summary>Whether the activity stream tells who changes the objects.</summary>
    public bool IsRecorded { get; init; }

    public abstract Type EntityType { get; }

    public abstract IReadOnlyList<Field> AllFields { get; }

    public string ListUrl => $"{Root}{Segment}/";

    /// <summary>The type's name at the beginning of a sentence: <c>Instance group</c>.</summary>
    public string Title => char.ToUpperInvariant(VerboseName[0]) + VerboseName[1..];

    public string UrlOf(long id) => $"{Root}{Segment}/{id}/";

    public Field? FindField(string name) => AllFields.FirstOrDefault(field => field.Name == name);

    public abstract long IdOf(object row);

    /// <summary>The rows that the caller may see.</summary>
    public abstract IQueryable Visible(AppDb db, Caller caller);

    /// <summary>Whether the caller has a right on an object, seen or not.</summary>
    public abstract Task<bool> AllowsAsync(AppDb db, Caller caller, long id, string right, CancellationToken cancellationToken);

    /// <summary>The same for who makes a request.</summary>
    public Task<bool> AllowsAsync(ApiCall call, long id, string right) => AllowsAsync(call.Db, call.Caller, id, right, call.Cancellation);

    /// <exception cref="ApiException">403: the caller lacks the right.</exception>
    public async Task DemandAsync(ApiCall call, long id, string right)
    {
        if (!await AllowsAsync(call, id, right))
        {
            throw ApiException.Forbidden();
        }
    }

    /// <summary>Whether the caller has a right on any object.</summary>
    public abstract Task<bool> AllowsAnyAsync(AppDb db, Caller caller, string right, CancellationToken cancellationToken);

    /// <summary>Whether the caller may make such an object at all; whether this one, its values decide.</summary>
    public abstract Task<bool> AllowsCreationAsync(ApiCall call);

    /// <summary>The entity's key, as an expression over a row.</summary>
    public abstract LambdaExpression Key { get; }

    /// <summary>Fetches everything that showing the rows needs.</summary>
    public abstract Task<RowPage> LoadAsync(
        PageRequest request, IReadOnlyList<object> rows, CancellationToken cancellationToken);

    /// <summary>Fetches rows by id, and what showing the named fields of them needs.</summary>
    public abstract Task<(IReadOnlyDictionary<long, object> Rows, RowPage Page)> LoadSummariesAsync(
        PageRequest request, IReadOnlyCollection<long> ids, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    public abstract void WriteRow(Utf8JsonWriter writer, object row, RowPage page);

    public abstract void WriteSummary(Utf8JsonWriter writer, object row, RowPage page, IReadOnlyList<string> keys);

    /// <summary>Maps the resource's URLs.</summary>
    public abstract void Map(IEndpointRouteBuilder endpoints, ResourceCatalog catalog);
}

/// <summary>On whose behalf rows are loaded.</summary>
internal sealed record PageRequest(AppDb Db, Caller Caller, ResourceCatalog Catalog)
{
    /// <summary>What the list is about, where that is more than its rows; null otherwise.</summary>
    public object? Scope { get; init; }
}

/// <summary>What a resource allows, besides being read.</summary>
[Flags]
internal enum ResourceMethods
{
    ReadOnly = 0,
    Create = 1,
    Update = 2,
    Delete = 4,
    All = Create | Update | Delete,
}

/// <summary>A way from a row to rows of another resource that is no foreign key of its own: a reverse or many-to-many relation.</summary>
/// <param name="Name">Its name in filters.</param>
/// <param name="Target">The entity at its other end.</param>
/// <param name="Rows">From the entity to the related rows.</param>
internal sealed record Relation(string Name, Type Target, LambdaExpression Rows);

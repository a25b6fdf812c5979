using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>A list of other objects under an object: <c>/parent/N/children/</c>.</summary>
internal abstract class SubList<TParent>(string name)
    where TParent : class
{
    public string Name => name;

    public abstract Type Child { get; }

    public abstract void Map(IEndpointRouteBuilder endpoints, Resource<TParent> parent, ResourceCatalog catalog);
}

/// <summary>A list of <typeparamref name="TChild"/>ren.</summary>
internal sealed class SubList<TParent, TChild>(string name, Func<AppDb, long, Expression<Func<TChild, bool>>> where) : SubList<TParent>(name)
    where TParent : class
    where TChild : class
{
    public override Type Child => typeof(TChild);

    /// <summary>Which children are in the parent's list.</summary>
    public Func<AppDb, long, Expression<Func<TChild, bool>>> Where => where;

    /// <summary>The order of the list where it is not the child's own.</summary>
    public Func<AppDb, long, Expression<Func<TChild, int>>>? Position { get; init; }

    /// <summary>The child's field that names the parent; not null when a POST may create a child here.</summary>
    public string? ParentField { get; init; }

    /// <summary>Puts into a body that creates a child here what the parent settles, where that is not the parent's id; null when it is.</summary>
    public Action<RequestBody, TParent>? Prefill { get; init; }

    /// <summary>Finds the child that a body describes without naming its id, so that it is attached and no second one made; null where
    /// none is looked for.</summary>
    public Func<ApiCall, RequestBody, Task<long?>>? FindKnown { get; init; }

    /// <summary>Whether this caller may create a child of this parent; null where the general rules are enough.</summary>
    public Func<ApiCall, TParent, bool>? MayCreate { get; init; }

    /// <summary>Whether a POST may create a child here.</summary>
    public bool Creates => ParentField is not null || Prefill is not null;

    /// <summary>Puts a child on the list; null when children get there in other ways only. Repeatable.</summary>
    public Func<ApiCall, TParent, TChild, Task>? Attach { get; init; }

    /// <summary>Takes a child off the list. Repeatable.</summary>
    public Func<ApiCall, TParent, TChild, Task>? Detach { get; init; }

    /// <summary>The right that attaching and detaching need on the parent.</summary>
    public string Needs { get; init; } = Right.Edit;

    /// <summary>What attaching and detaching need of the parent where that is no right on it; throws to refuse.</summary>
    public Func<ApiCall, TParent, Task>? Guard { get; init; }

    /// <summary>The right that attaching needs on the child; null when seeing it is enough.</summary>
    public string? ChildNeeds { get; init; }

    public override void Map(IEndpointRouteBuilder endpoints, Resource<TParent> parent, ResourceCatalog catalog)
    {
        // What belongs to a capability that this server doesn't have is absent.
        if (catalog.Find(typeof(TChild)) is Resource<TChild> child)
        {
            new SubListEndpoints<TParent, TChild>(this, parent, child).Map(endpoints);
        }
    }
}

/// <summary>Something that can be done to an object: <c>/parent/N/name/</c>.</summary>
internal sealed record ResourceAction<T>(string Name)
    where T : class
{
    public Func<ApiCall, T, Task>? Get { get; init; }

    public Func<ApiCall, T, Task>? Post { get; init; }

    public Func<ApiCall, T, Task>? Put { get; init; }

    public Func<ApiCall, T, Task>? Patch { get; init; }

    public Func<ApiCall, T, Task>? Delete { get; init; }

    /// <summary>The right on the object that everything but reading needs.</summary>
    public string Needs { get; init; } = Right.Edit;

    /// <summary>Whether the object's <c>related</c> leads there.</summary>
    public bool InRelated { get; init; } = true;
}

using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest.Activity;

/// <summary>
/// Writes down who changes what. An entry is added to the context that makes the change, and is stored with it or not at all. Only
/// resources that are described as recorded are.
/// </summary>
/// <remarks>The resources are looked up when they are needed: they are described by those who use this.</remarks>
internal sealed class ActivityLog(IServiceProvider services, HostIdentity host, TimeProvider clock)
{
    private const int LongestName = 512;

    /// <summary>Nothing that is told depends on who asks: others read it.</summary>
    private static readonly Caller Nobody = new(0, "", IsSuperuser: false, IsSystemAuditor: false);

    private ResourceCatalog Catalog => services.GetRequiredService<ResourceCatalog>();

    /// <summary>Tells of a new row that has its id.</summary>
    public void Created<T>(AppDb db, long? actorId, T row)
        where T : class
    {
        if (Find<T>() is { } resource)
        {
            Add(db, actorId, ActivityOperations.Create, resource, row, ActivityChanges.Of(resource, PageOf(resource), row));
        }
    }

    /// <summary>Tells of what will be different in a tracked row once it is saved; of nothing when that is nothing.</summary>
    /// <param name="db">Tracks the row.</param>
    /// <param name="actorId">Who changes it.</param>
    /// <param name="row">As it will be.</param>
    /// <param name="body">What the client gave, to know of values that nobody may compare; null for none.</param>
    public void Updated<T>(AppDb db, long? actorId, T row, RequestBody? body)
        where T : class
    {
        if (Find<T>() is { } resource
            && ActivityChanges.Between(resource, PageOf(resource), (T)db.Entry(row).OriginalValues.ToObject(), row, body) is { Fields.Count: > 0 } changes)
        {
            Add(db, actorId, ActivityOperations.Update, resource, row, changes);
        }
    }

    /// <summary>Tells of a row that goes.</summary>
    public async Task DeletedAsync<T>(AppDb db, long? actorId, T row, CancellationToken cancellationToken)
        where T : class
    {
        if (Find<T>() is { } resource)
        {
            Add(db, actorId, ActivityOperations.Delete, resource, row, ActivityChanges.Of(resource, PageOf(resource), row));
        }

        if (row is User user)
        {
            await db.ActivityStream.Where(entry => entry.ActorId == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.FormerActor, user.Username), cancellationToken);
        }
    }

    /// <summary>Tells that one object was put on a list of another, or taken off it.</summary>
    public void Related<TParent, TChild>(AppDb db, long? actorId, TParent parent, string list, TChild child, bool detached)
        where TParent : class
        where TChild : class
    {
        var operation = detached ? ActivityOperations.Disassociate : ActivityOperations.Associate;
        if (ActivityPair.Of(Find<TParent>(), parent, list, Find<TChild>(), child) is { } pair)
        {
            var entry = NewEntry(actorId, operation);
            pair.Fill(entry);
            db.ActivityStream.Add(entry);
        }
    }

    private void Add<T>(AppDb db, long? actorId, string operation, Resource<T> resource, T row, ActivityChanges changes)
        where T : class
    {
        var entry = NewEntry(actorId, operation);
        (entry.Object1, entry.Object1Id) = (resource.TypeName, resource.IdOf(row));
        (entry.Changes, entry.ObjectName) = (changes.Json, Cut(ActivityChanges.NameOf(resource, PageOf(resource), row)));
        entry.ChangedFields = operation == ActivityOperations.Update ? string.Join(',', changes.Fields) : "";
        db.ActivityStream.Add(entry);
    }

    private ActivityEntry NewEntry(long? actorId, string operation)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new ActivityEntry
        {
            // PostgreSQL keeps microseconds: what is compared with other moments has to be what is read later.
            Timestamp = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)),
            Operation = operation,
            ActorId = actorId,
            ActionNode = host.Hostname,
        };
    }

    private Resource<T>? Find<T>()
        where T : class =>
        Catalog.Find(typeof(T)) is Resource<T> resource && (resource.IsRecorded || typeof(T) == typeof(Role))
            ? resource
            : null;

    private RowPage PageOf(Resource resource) => new(resource, Catalog, Nobody);

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName];
}

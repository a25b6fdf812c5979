using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Rest.Roles;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

internal sealed partial class ResourceBuilder<T>
{
    private readonly AccessRules<T> _access = new();

    public AccessRules<T> Access => _access;

    /// <summary>Gives the objects AWX's roles of a kind: shown, listed, given and taken, and asked for with <c>role_level</c>.</summary>
    public ResourceBuilder<T> Roles(string kind, Func<AppDb, Caller, ObjectRole, Expression<Func<T, bool>>> condition)
    {
        (_access.Kind, _access.RoleCondition) = (kind, condition);
        SummaryPart("object_roles", (row, page) => ObjectRoles.Summary(kind, page.Resource.IdOf(row)));
        SubList<Role>("object_roles", (_, id) => role => role.ContentType == kind && role.ObjectId == id);
        return Action(new ResourceAction<T>("access_list") { Get = (call, row) => AccessList.ShowAsync(call, kind, call.Catalog.Get<T>().IdOf(row)) });
    }

    /// <summary>Gives rights to whom a role of the objects gives them.</summary>
    public ResourceBuilder<T> AllowBy(ObjectRole role, params string[] rights) =>
        Allow(rights, (db, caller) => _access.RoleCondition!(db, caller, role));

    /// <summary>Gives rights on some rows.</summary>
    public ResourceBuilder<T> Allow(string[] rights, Func<AppDb, Caller, Expression<Func<T, bool>>> rule)
    {
        _access.Allow(rights, rule);
        return this;
    }

    /// <summary>Lets those make objects, and move them, who have a right on what owns them. What nobody owns is for administrators.</summary>
    /// <param name="field">The field that names the owner.</param>
    /// <param name="owner">The owner's id.</param>
    /// <param name="right">The right that is needed on it.</param>
    public ResourceBuilder<T> CreateIn<TOwner>(string field, Expression<Func<T, long?>> owner, string right)
        where TOwner : class
    {
        var read = owner.Compile();
        _access.Creation = call => call.Catalog.Get<TOwner>().AllowsAnyAsync(call.Db, call.Caller, right, call.Cancellation);
        _access.Writes.Add(async (write, token) =>
        {
            var id = read(write.Entity);
            return write.Errors.Has(field) || (!write.Creating && write.BeforeOf(read) == id)
                || (id is { } known && await write.Call.Catalog.Get<TOwner>().AllowsAsync(write.Db, write.Call.Caller, known, right, token));
        });
        return this;
    }

    /// <summary>What the caller may do with the object, under <c>summary_fields.user_capabilities</c>.</summary>
    public ResourceBuilder<T> Capabilities(params string[] names)
    {
        var loader = new Loader<T>(async (page, token) => await LoadCapabilitiesAsync(page, names, token));
        return SummaryPart("user_capabilities", loader, (T row, IReadOnlyDictionary<string, HashSet<long>?> held) => new JsonPart(writer =>
        {
            var id = Resource<T>.KeyLambdaCompiled(row);
            writer.WriteStartObject();
            foreach (var name in names)
            {
                writer.WriteBoolean(name, held[name] is not { } ids || ids.Contains(id));
            }

            writer.WriteEndObject();
        }));
    }

    /// <summary>By name, the rows of the page on which the caller has the right; null for all. One statement for each rule.</summary>
    private async Task<IReadOnlyDictionary<string, HashSet<long>?>> LoadCapabilitiesAsync(
        LoadContext<T> page, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, HashSet<long>?>(StringComparer.Ordinal);
        var ids = page.Rows.Select(Resource<T>.KeyLambdaCompiled).ToList();
        foreach (var sameRule in names.GroupBy(name => _access.Find(name)))
        {
            HashSet<long>? held = page.Caller.IsSuperuser ? null : [];
            if (held is not null && sameRule.Key is { } rule)
            {
                held.UnionWith(await page.Db.Set<T>().Where(Predicates.In(Resource<T>.KeyLambda, ids)).Where(rule(page.Db, page.Caller))
                    .Select(Resource<T>.KeyLambda).ToListAsync(cancellationToken));
            }

            foreach (var name in sameRule)
            {
                found[name] = held;
            }
        }

        return found;
    }
}

using System.Text.Json;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest.Activity;

/// <summary>Two objects that were associated, as AWX names them: who gets a role is associated with the object that the role is on.</summary>
internal sealed record ActivityPair(string Object1, long Object1Id, string Object2, long Object2Id, string Association, string Changes)
{
    private const string RoleAssociation = "role";

    /// <summary>Null when one of the two is not recorded.</summary>
    public static ActivityPair? Of<TParent, TChild>(
        Resource<TParent>? parents, TParent parent, string list, Resource<TChild>? children, TChild child)
        where TParent : class
        where TChild : class
    {
        if (parents is null || children is null)
        {
            return null;
        }

        return (parent, child) switch
        {
            (Role role, _) => OfRole(children, child, role),
            (_, Role role) => OfRole(parents, parent, role),
            _ => new ActivityPair(
                parents.TypeName, parents.IdOf(parent), children.TypeName, children.IdOf(child), list,
                Json((parents.TypeName, parents.IdOf(parent)), (children.TypeName, children.IdOf(child)), list)),
        };
    }

    public void Fill(ActivityEntry entry)
    {
        (entry.Object1, entry.Object1Id, entry.Association, entry.Changes) = (Object1, Object1Id, Association, Changes);
        if (Object2.Length > 0)
        {
            (entry.Object2, entry.Object2Id) = (Object2, Object2Id);
        }
    }

    /// <summary>The roles of the system are on no object.</summary>
    private static ActivityPair OfRole<T>(Resource<T> holders, T holder, Role role)
        where T : class
    {
        var id = holders.IdOf(holder);
        var definition = RoleDefinition.Of(role.Code);
        var kind = role.ContentType == ObjectKinds.System ? "" : role.ContentType;
        return new ActivityPair(
            holders.TypeName, id, kind, role.ObjectId, RoleAssociation,
            Json((holders.TypeName, id), (kind, role.ObjectId), RoleAssociation, definition.Field));
    }

    private static string Json((string Type, long Id) one, (string Type, long Id) other, string relationship, string? role = null)
    {
        var members = new Dictionary<string, object>
        {
            ["object1"] = one.Type,
            ["object1_pk"] = one.Id,
            ["object2"] = other.Type,
            ["object2_pk"] = other.Id,
            ["relationship"] = relationship,
        };
        if (role is not null)
        {
            members["role"] = role;
        }

        return JsonSerializer.Serialize(members);
    }
}

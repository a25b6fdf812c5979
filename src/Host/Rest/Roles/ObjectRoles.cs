using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest.Roles;

/// <summary>The roles of an object under <c>summary_fields.object_roles</c>: clients find there the ids that they give to people.</summary>
internal static class ObjectRoles
{
    public static JsonPart Summary(string kind, long id) => new(writer =>
    {
        writer.WriteStartObject();
        foreach (var role in RoleDefinition.OfKind(kind))
        {
            writer.WriteStartObject(role.Field);
            writer.WriteString("description", role.Description);
            writer.WriteString("name", role.Name);
            writer.WriteNumber("id", Role.IdOf(role.Role, id));
            if (kind == ObjectKinds.Organization && role.IsForUsersOnly)
            {
                writer.WriteBoolean("user_only", true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });
}

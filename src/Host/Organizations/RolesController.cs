using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>The roles of all objects, and who has them.</summary>
internal sealed class RolesController : IResourceController
{
    public Resource Describe() => new ResourceBuilder<Role>("roles", "role", (db, caller) => db.Roles.VisibleTo(db, caller))
        .Methods(ResourceMethods.ReadOnly)
        .Id().TypeField().Url().RelatedField().SummaryFields()
        .ReadOnly(x => x.Name)
        .ReadOnly(x => x.Description)
        .ReadOnly(x => x.RoleField, field => field.Hidden = true)
        .ReadOnly(x => x.ObjectId, field => field.Hidden = true)
        .ReadOnly(x => x.ContentType, field => field.Hidden = true)
        .SummaryPart("resource_name", (row, _) => row.ObjectId == 0 ? null : row.ResourceName)
        .SummaryPart("resource_type", (row, _) => row.ObjectId == 0 ? null : row.ContentType)
        .SummaryPart("resource_type_display_name", (row, _) => row.ObjectId == 0 ? null : TitleOf(row.ContentType))
        .SummaryPart("resource_id", (row, _) => row.ObjectId == 0 ? null : row.ObjectId)
        .Related("object", (row, page) => page.Catalog.Resources.FirstOrDefault(resource => resource.RoleKind == row.ContentType)?.UrlOf(row.ObjectId))
        .SearchIn("role_field", "name")
        .OrderBy("id")
        .SubList(RoleHolders.Users())
        .SubList(RoleHolders.Teams())
        .Build();

    private static string TitleOf(string kind) => string.Join(' ', kind.Split('_').Select(SnakeCase.ToLabel));
}

using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Labels;

/// <summary>Labels. They are never deleted by name: one goes with the last thing that it was on.</summary>
internal sealed class LabelsController : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<Label>("labels", "label", (db, caller) => db.Labels.VisibleTo(db, caller))
            .Methods(ResourceMethods.Create | ResourceMethods.Update)
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Reference<Organization>(x => x.OrganizationId, field => field.HelpText = "Organization this label belongs to.")
            .Summary("id", "name")
            .Allow([Right.Edit], MayChange)
            .CreateIn<Organization>("organization", x => x.OrganizationId, "member_role")
            .Recorded()
            .NamedBy("name", ["organization"])
            .OrderBy("organization", "name");
        builder.Rules.UniqueTogether.Add(["name", "organization"]);
        return builder.Build();
    }

    private static Expression<Func<Label, bool>> MayChange(AppDb db, Caller caller)
    {
        var organizations = Held.AdministeredOrganizations(db, caller);
        return label => organizations.Contains(label.OrganizationId);
    }
}

using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Organizations;

/// <summary>An organization's users and admins: two lists over the same places. An admin is a member too.</summary>
internal static class OrganizationMembers
{
    public static SubList<Organization, User> Users() => new("users", (_, id) => user => user.Organizations.Any(place => place.OrganizationId == id))
    {
        Attach = (call, organization, user) => AttachAsync(call, organization, user, asAdmin: false),
        Detach = async (call, organization, user) =>
        {
            await call.Db.OrganizationMembers.Where(place => place.OrganizationId == organization.Id && place.UserId == user.Id)
                .ExecuteDeleteAsync(call.Cancellation);
        },
    };

    public static SubList<Organization, User> Admins() =>
        new("admins", (_, id) => user => user.Organizations.Any(place => place.OrganizationId == id && place.IsAdmin))
        {
            Attach = (call, organization, user) => AttachAsync(call, organization, user, asAdmin: true),
            Detach = async (call, organization, user) =>
            {
                await call.Db.OrganizationMembers.Where(place => place.OrganizationId == organization.Id && place.UserId == user.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(place => place.IsAdmin, false), call.Cancellation);
            },
        };

    private static async Task AttachAsync(ApiCall call, Organization organization, User user, bool asAdmin)
    {
        var place = await call.Db.OrganizationMembers.FindAsync([organization.Id, user.Id], call.Cancellation);
        if (place is null)
        {
            place = new OrganizationMember { OrganizationId = organization.Id, UserId = user.Id };
            call.Db.OrganizationMembers.Add(place);
        }

        place.IsAdmin |= asAdmin;
    }
}

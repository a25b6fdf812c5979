using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Organizations;

/// <summary>Teams and who is in them.</summary>
internal sealed class TeamsController : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<Team>("teams", "team", (db, caller) => db.Teams.VisibleTo(caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId)
            .Capabilities("edit", "delete")
            .NamedBy("name", ["organization"])
            .OrderBy("organization__name", "name")
            .Relation("users", x => x.Members.Select(member => member.User))
            .SubList<Credential>("credentials", (_, id) => credential => credential.TeamId == id, "team")
            .SubList(new SubList<Team, User>("users", (_, id) => user => user.Teams.Any(place => place.TeamId == id))
            {
                Attach = AttachAsync,
                Detach = async (call, team, user) =>
                {
                    await call.Db.TeamMembers.Where(place => place.TeamId == team.Id && place.UserId == user.Id)
                        .ExecuteDeleteAsync(call.Cancellation);
                },
            });
        builder.Rules.UniqueTogether.Add(["organization", "name"]);
        return builder.Build();
    }

    private static async Task AttachAsync(ApiCall call, Team team, User user)
    {
        if (await call.Db.TeamMembers.FindAsync([team.Id, user.Id], call.Cancellation) is null)
        {
            call.Db.TeamMembers.Add(new TeamMember { TeamId = team.Id, UserId = user.Id });
        }
    }
}

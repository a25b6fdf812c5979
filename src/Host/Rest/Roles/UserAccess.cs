using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest.Roles;

/// <summary>What the users of an access list have their access by, fetched for a whole page. Other lists of users have none of it.</summary>
internal sealed class UserAccess
{
    private readonly AccessScope? _scope;
    private readonly ILookup<long, Given> _given;
    private readonly bool _mayTakeAway;

    private UserAccess(AccessScope? scope, IEnumerable<Given> given, bool mayTakeAway)
    {
        (_scope, _mayTakeAway) = (scope, mayTakeAway);
        _given = given.ToLookup(one => one.UserId);
    }

    public static Loader<User> Loader { get; } = new(async (page, token) => await LoadAsync(page, token));

    /// <summary>Roles on the object itself, of the user or of a team that the user is in.</summary>
    public JsonPart? Direct(User user) => Part(_given[user.Id].Where(one => IsDirect(one.Role)));

    /// <summary>Roles on its organization or the system.</summary>
    public JsonPart? Indirect(User user)
    {
        var flags = new List<Given>();
        if (user.IsSuperuser)
        {
            flags.Add(new Given(user.Id, ObjectRole.SystemAdministrator, 0, null, null));
        }

        if (user.IsSystemAuditor)
        {
            flags.Add(new Given(user.Id, ObjectRole.SystemAuditor, 0, null, null));
        }

        return Part(_given[user.Id].Where(one => !IsDirect(one.Role)).Concat(flags));
    }

    private static async Task<UserAccess> LoadAsync(LoadContext<User> page, CancellationToken cancellationToken)
    {
        if (page.Scope is not AccessScope scope)
        {
            return new UserAccess(null, [], false);
        }

        var ids = page.Rows.Select(user => user.Id).ToList();
        var grants = scope.Grants(page.Db);
        var own = await grants.Where(grant => grant.UserId != null && ids.Contains(grant.UserId.Value))
            .Select(grant => new Given(grant.UserId!.Value, grant.Role, grant.ObjectId, null, null)).ToListAsync(cancellationToken);
        var members = page.Db.RoleGrants.Where(grant => (grant.Role == ObjectRole.TeamMember || grant.Role == ObjectRole.TeamAdmin)
            && grant.UserId != null && ids.Contains(grant.UserId.Value));
        var byTeam = await grants.Join(members, grant => grant.TeamId, member => member.ObjectId, (grant, member) => new { grant, member })
            .Select(pair => new Given(pair.member.UserId!.Value, pair.grant.Role, pair.grant.ObjectId, pair.grant.TeamId, pair.grant.Team!.Name))
            .Distinct().ToListAsync(cancellationToken);
        var admin = RoleDefinition.OfKind(scope.Kind).First(role => role.Field == Right.AdminRole).Role;
        var mayTakeAway = page.Caller.IsSuperuser
            || await Held.Objects(page.Db, page.Caller, RoleRules.Of(admin).OnObject).AnyAsync(id => id == scope.Id, cancellationToken)
            || await Held.Objects(page.Db, page.Caller, RoleRules.Of(admin).OnOrganization).AnyAsync(id => id == scope.OrganizationId, cancellationToken);
        return new UserAccess(scope, own.Concat(byTeam), mayTakeAway);
    }

    private bool IsDirect(ObjectRole role) => RoleDefinition.Of(role).Kind == _scope?.Kind;

    private JsonPart? Part(IEnumerable<Given> given) => _scope is null ? null : new JsonPart(writer =>
    {
        writer.WriteStartArray();
        foreach (var one in given)
        {
            Write(writer, one);
        }

        writer.WriteEndArray();
    });

    private void Write(Utf8JsonWriter writer, Given given)
    {
        var role = RoleDefinition.Of(given.Role);
        writer.WriteStartObject();
        writer.WriteStartObject("role");
        writer.WriteNumber("id", Role.IdOf(given.Role, given.ObjectId));
        writer.WriteString("name", role.Name);
        writer.WriteString("description", role.Description);
        if (given.TeamId is { } team)
        {
            writer.WriteNumber("team_id", team);
            writer.WriteString("team_name", given.TeamName);
            writer.WriteStartObject("related");
            writer.WriteString("team", $"{Resource.Root}teams/{team}/");
            writer.WriteEndObject();
        }

        writer.WriteStartObject("user_capabilities");
        writer.WriteBoolean("unattach", _mayTakeAway && IsDirect(given.Role));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("descendant_roles");
        foreach (var implied in RoleDefinition.OfKind(_scope!.Kind).Where(one => Implies(given.Role, one.Role)))
        {
            writer.WriteStringValue(implied.Field);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool Implies(ObjectRole given, ObjectRole role)
    {
        var sources = RoleRules.Of(role);
        return given == ObjectRole.SystemAdministrator
            || (given == ObjectRole.SystemAuditor && RoleDefinition.Of(role).Field == Right.ReadRole)
            || sources.OnObject.Contains(given) || sources.OnOrganization.Contains(given);
    }

    private sealed record Given(long UserId, ObjectRole Role, long ObjectId, long? TeamId, string? TeamName);
}

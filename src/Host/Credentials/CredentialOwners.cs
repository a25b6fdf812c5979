using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>Who owns a credential: an organization, a user or a team, said once, at its creation.</summary>
internal static class CredentialOwners
{
    /// <summary>Everybody may have credentials; who makes one for somebody else has to look after them.</summary>
    public static void AddTo(AccessRules<Credential> access)
    {
        access.Creation = _ => Task.FromResult(true);
        access.Writes.Add(MayGiveAsync);
    }

    private static async Task<bool> MayGiveAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        var (credential, call) = (write.Entity, write.Call);
        if (write.Creating && credential.UserId is { } user
            && !await call.Catalog.Get<User>().AllowsAsync(write.Db, call.Caller, user, Right.Edit, cancellationToken))
        {
            return false;
        }

        if (write.Creating && credential.TeamId is { } team
            && !await call.Catalog.Get<Team>().AllowsAsync(write.Db, call.Caller, team, Right.Edit, cancellationToken))
        {
            return false;
        }

        return credential.OrganizationId is not { } organization || (!write.Creating && !write.Changes(x => x.OrganizationId))
            || await call.Catalog.Get<Organization>().AllowsAsync(write.Db, call.Caller, organization, Right.CredentialAdminRole, cancellationToken);
    }

    public static async Task CheckAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        if (!write.Creating)
        {
            return;
        }

        var credential = write.Entity;
        var given = new (string Name, bool Given)[]
        {
            ("organization", credential.OrganizationId is not null), ("team", credential.TeamId is not null), ("user", credential.UserId is not null),
        }.Where(owner => owner.Given || write.Errors.Has(owner.Name)).Select(owner => owner.Name).ToList();
        if (given.Count == 0)
        {
            write.Errors.Add("detail", "Missing 'user', 'team', or 'organization'.");
        }
        else if (given.Count > 1)
        {
            write.Errors.Add(
                "detail",
                $"Only one of 'user', 'team', or 'organization' should be provided, received {string.Join(", ", given)} fields.");
        }
        else if (credential.TeamId is { } team)
        {
            credential.OrganizationId = await write.Db.Teams.Where(row => row.Id == team).Select(row => (long?)row.OrganizationId)
                .SingleOrDefaultAsync(cancellationToken);
        }

        var kind = await write.Db.CredentialTypes.Where(type => type.Id == credential.CredentialTypeId).Select(type => type.Kind)
            .SingleOrDefaultAsync(cancellationToken);
        if (kind == CredentialKinds.Galaxy && credential.OrganizationId is null)
        {
            write.Errors.Add("organization", "Galaxy credentials must be owned by an Organization.");
        }
    }
}

using ContainerGroups.Host.Access;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Rest.Roles;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Organizations;

/// <summary>People and programs that may log in.</summary>
internal sealed class UsersController(PasswordHashes passwords) : IResourceController
{
    private const string Hidden = "$encrypted$";

    public Resource Describe()
    {
        var builder = new ResourceBuilder<User>("users", "user", (db, caller) => db.Users.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Username, field =>
            {
                (field.Required, field.AllowBlank, field.MaxLength, field.Unique) = (true, false, 150, true);
                field.HelpText = "Required. 150 characters or fewer.";
            })
            .Field(x => x.FirstName, field => field.MaxLength = 150)
            .Field(x => x.LastName, field => field.MaxLength = 150)
            .Field(x => x.Email, field => (field.MaxLength, field.Label) = (254, "Email address"))
            .Field(x => x.IsSuperuser, field => field.Label = "Superuser status")
            .Field(x => x.IsSystemAuditor)
            .Input("password", FieldKind.String, SetPassword, _ => Hidden, field =>
            {
                (field.Required, field.AllowBlank, field.Sensitive) = (true, false, true);
                field.HelpText = "Field used to change the password.";
            })
            .ReadOnly(x => x.LastLogin)
            .Allow([Right.Edit], UserRules.MayEdit)
            .Allow([Right.Delete], UserRules.MayAdminister)
            .Allow([Right.TakeIn], UserRules.MayTakeIn)
            .Capabilities(Right.Edit, Right.Delete)
            .SummaryPart("direct_access", UserAccess.Loader, (User row, UserAccess all) => all.Direct(row))
            .SummaryPart("indirect_access", UserAccess.Loader, (User row, UserAccess all) => all.Indirect(row))
            .Summary("id", "username", "first_name", "last_name")
            .Recorded()
            .NamedBy("username")
            .OrderBy("username")
            .Relation("organizations", x => x.Roles.Where(grant => grant.Role == ObjectRole.OrganizationMember).Select(grant => grant.OnOrganization!))
            .Relation("teams", x => x.Roles.Where(grant => grant.Role == ObjectRole.TeamMember).Select(grant => grant.OnTeam!))
            .SubList<Organization>("organizations", (db, id) => organization => db.RoleGrants.Any(grant => grant.UserId == id
                && (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin) && grant.ObjectId == organization.Id))
            .SubList<Organization>("admin_of_organizations", (db, id) => organization => db.RoleGrants.Any(grant =>
                grant.UserId == id && grant.Role == ObjectRole.OrganizationAdmin && grant.ObjectId == organization.Id))
            .SubList<Team>("teams", (db, id) => team => db.RoleGrants.Any(grant => grant.UserId == id
                && (grant.Role == ObjectRole.TeamMember || grant.Role == ObjectRole.TeamAdmin) && grant.ObjectId == team.Id))
            .SubList<Project>("projects", (db, id) => project => db.RoleGrants.Any(grant => grant.UserId == id
                && grant.Role >= ObjectRole.ProjectAdmin && grant.Role <= ObjectRole.ProjectRead && grant.ObjectId == project.Id))
            .SubList(RoleHolders.OfUser())
            .SubList<Credential>("credentials", (_, id) => credential => credential.UserId == id, "user")
            .SubList(UserTokens.All())
            .SubList(UserTokens.Personal())
            .SubList(UserTokens.OfApplications());
        builder.Access.Creation = call => Held.AdministeredOrganizations(call.Db, call.Caller).AnyAsync(call.Cancellation);
        builder.Access.Writes.Add(UserRules.MaySetFlags);
        builder.Rules.Checks.Add(CheckUsername);
        builder.Rules.Checks.Add(KeepOneAdministratorAsync);
        builder.Rules.BeforeSave.Add(KeepOwnSessionAsync);
        builder.Rules.BeforeDelete.Add(RefuseSelfAsync);
        return builder.Build();
    }

    private void SetPassword(User user, object? value)
    {
        // Clients send back what they were shown; that changes nothing.
        if (value is string text && text != Hidden)
        {
            user.PasswordHash = passwords.Hash(text);
        }
    }

    private static Task CheckUsername(Write<User> write, CancellationToken cancellationToken)
    {
        // The colon ends the name in Basic credentials; such a user could never log in.
        if (write.Entity.Username.Contains(':', StringComparison.Ordinal))
        {
            write.Errors.Add("username", "A username can't contain a colon.");
        }

        if (write.Creating && write.Entity.PasswordHash.Length == 0 && !write.Errors.Has("password"))
        {
            write.Errors.Add("password", "Password required for new User.");
        }

        return Task.CompletedTask;
    }

    private static async Task KeepOneAdministratorAsync(Write<User> write, CancellationToken cancellationToken)
    {
        if (write.Changes(user => user.IsSuperuser) && !write.Entity.IsSuperuser
            && !await write.Db.Users.AnyAsync(user => user.IsSuperuser && user.Id != write.Entity.Id, cancellationToken))
        {
            write.Errors.Add("is_superuser", "This is the only administrator; name another one first.");
        }
    }

    private static Task KeepOwnSessionAsync(Write<User> write, CancellationToken cancellationToken) =>
        write.Changes(user => user.PasswordHash) && write.Call.Caller is { SessionId: { } session } caller && caller.UserId == write.Entity.Id
            ? SessionStore.KeepAsync(write.Db, session, write.Entity.PasswordHash, cancellationToken)
            : Task.CompletedTask;

    private static Task RefuseSelfAsync(Removal<User> removal, CancellationToken cancellationToken) =>
        removal.Entity.Id == removal.Call.Caller.UserId ? throw ApiException.Forbidden() : Task.CompletedTask;
}

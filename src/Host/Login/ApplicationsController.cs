using ContainerGroups.Host.Access;
using ContainerGroups.Host.Access.Tokens;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Login;

/// <summary>Programs that may get tokens for users who give them name and password. A secret is shown once.</summary>
internal sealed class ApplicationsController : IResourceController
{
    private const string Masked = "************";

    public Resource Describe()
    {
        var builder = new ResourceBuilder<OAuthApplication>("applications", "o_auth2_application", (db, caller) => db.OAuthApplications.VisibleTo(db, caller))
            .Called("application", "OAuth2Application")
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 255))
            .Field(x => x.Description)
            .ReadOnly(x => x.ClientId)
            .Computed("client_secret", FieldKind.String, row => row.Secret ?? (row.ClientType == OAuthApplication.Public ? null : Masked))
            .Field(x => x.ClientType, field =>
            {
                (field.Kind, field.Required, field.AllowBlank, field.ReadOnlyAfterCreate) = (FieldKind.Choice, true, false, true);
                field.Choices = [(OAuthApplication.Confidential, "Confidential"), (OAuthApplication.Public, "Public")];
                field.HelpText = "Set to Public or Confidential depending on how secure the client device is.";
            })
            .Field(x => x.RedirectUris, field => field.HelpText = "Allowed URIs list, space separated")
            .Field(x => x.AuthorizationGrantType, field =>
            {
                (field.Kind, field.Required, field.AllowBlank) = (FieldKind.Choice, true, false);
                field.Choices = [(OAuthApplication.PasswordGrant, "Resource owner password-based")];
                field.HelpText = "The Grant type the user must use for acquire tokens for this application.";
            })
            .Field(x => x.SkipAuthorization)
            .Reference<Organization>(x => x.OrganizationId)
            .Allow([Right.Edit, Right.Delete], (db, caller) =>
            {
                var headed = Held.AdministeredOrganizations(db, caller);
                return application => headed.Contains(application.OrganizationId);
            })
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.AdminRole)
            .Capabilities(Right.Edit, Right.Delete)
            .Summary("id", "name")
            .Recorded()
            .NamedBy("name", ["organization"])
            .OrderBy("organization__name", "name")
            .Relation("tokens", x => x.Tokens)
            .SubList(new SubList<OAuthApplication, AccessToken>("tokens", (_, id) => token => token.ApplicationId == id) { ParentField = "application" });
        builder.Rules.UniqueTogether.Add(["organization", "name"]);
        builder.Rules.BeforeSave.Add(FillAsync);
        return builder.Build();
    }

    private static Task FillAsync(Write<OAuthApplication> write, CancellationToken cancellationToken)
    {
        var application = write.Entity;
        if (write.Creating)
        {
            application.ClientId = RandomSecret.New();
            if (application.ClientType == OAuthApplication.Confidential)
            {
                application.Secret = RandomSecret.New();
                application.SecretDigest = RandomSecret.Digest(application.Secret);
            }
        }

        return Task.CompletedTask;
    }
}

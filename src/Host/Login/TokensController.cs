using ContainerGroups.Host.Access.Tokens;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Login;

/// <summary>OAuth2 tokens. Whoever makes one is its user, and sees it in that answer and never again.</summary>
internal sealed class TokensController(TokenIssuer issuer) : IResourceController
{
    private const string Masked = "************";

    public Resource Describe()
    {
        var builder = new ResourceBuilder<AccessToken>("tokens", "o_auth2_access_token", (db, caller) => db.AccessTokens.VisibleTo(caller))
            .Called("access token", "OAuth2AccessToken")
            .Common()
            .Field(x => x.Description)
            .Reference<User>(x => x.UserId, field => (field.ReadOnly, field.Required, field.HelpText) = (true, false, "The user representing the token owner"))
            .Computed("token", FieldKind.String, row => row.Token ?? Masked)
            .Computed("refresh_token", FieldKind.String, row => row.RefreshToken ?? (row.RefreshDigest is null ? null : Masked))
            .Reference<OAuthApplication>(x => x.ApplicationId, field => field.ReadOnlyAfterCreate = true, "id", "name")
            .ReadOnly(x => x.Expires)
            .Field(x => x.Scope, field =>
            {
                field.AllowBlank = false;
                field.HelpText = "Allowed scopes, further restricts user's permissions. Must be a simple space-separated string with allowed scopes ['read', 'write'].";
            })
            .Summary("id", "description", "scope")
            .Allow([Right.Edit, Right.Delete], (_, caller) =>
            {
                var me = caller.UserId;
                return token => token.UserId == me;
            })
            .Recorded()
            .OrderBy("id");
        builder.Rules.Checks.Add(CheckScope);
        builder.Access.Creation = _ => Task.FromResult(true);
        builder.Rules.BeforeSave.Add(FillAsync);
        return builder.Build();
    }

    private static Task CheckScope(Write<AccessToken> write, CancellationToken cancellationToken)
    {
        if (!write.Errors.Has("scope") && !TokenScope.IsValid(write.Entity.Scope))
        {
            write.Errors.Add("scope", TokenScope.Rule);
        }

        return Task.CompletedTask;
    }

    private Task FillAsync(Write<AccessToken> write, CancellationToken cancellationToken)
    {
        if (write.Creating)
        {
            write.Entity.UserId = write.Call.Caller.UserId;
            issuer.Fill(write.Entity);
        }

        return Task.CompletedTask;
    }
}

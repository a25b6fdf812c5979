using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Login;

/// <summary><c>/api/o/</c>: applications get, renew and give back tokens here, as RFC 6749 and RFC 7009 say.</summary>
internal sealed class OAuthController(TokenGrants grants)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        new ApiEndpoint().Get(ShowAsync).Anonymous().Map(endpoints, "/api/o");
        new ApiEndpoint().Post(IssueAsync).Unguarded().Map(endpoints, "/api/o/token");
        new ApiEndpoint().Post(RevokeAsync).Unguarded().Map(endpoints, "/api/o/revoke_token");
    }

    private static Task ShowAsync(ApiCall call) => call.AnswerAsync(
        StatusCodes.Status200OK, ("token", "/api/o/token/"), ("revoke_token", "/api/o/revoke_token/"));

    private async Task IssueAsync(ApiCall call)
    {
        var form = await FormBody.ReadAsync(call.Http);
        var application = await OAuthClient.RequireAsync(call, form);
        var token = form["grant_type"] switch
        {
            OAuthApplication.PasswordGrant => await grants.ByPasswordAsync(call, form, application),
            "refresh_token" => await grants.ByRefreshTokenAsync(call, form, application),
            _ => throw OAuthError.Of("unsupported_grant_type"),
        };
        await call.AnswerAsync(
            StatusCodes.Status200OK,
            ("access_token", token.Token),
            ("expires_in", grants.LifetimeSeconds),
            ("token_type", "Bearer"),
            ("scope", token.Scope),
            ("refresh_token", token.RefreshToken));
    }

    /// <summary>What there isn't, or no longer, counts as given back.</summary>
    private async Task RevokeAsync(ApiCall call)
    {
        var form = await FormBody.ReadAsync(call.Http);
        var application = await OAuthClient.RequireAsync(call, form);
        await TokenGrants.RevokeAsync(call, form["token"], application);
        await call.AnswerNoContentAsync(StatusCodes.Status200OK);
    }
}

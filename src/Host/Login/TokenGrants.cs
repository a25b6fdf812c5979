using ContainerGroups.Host.Access;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Tokens;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Login;

/// <summary>For what an application is given a token: a user's name and password, or what renews an earlier token.</summary>
internal sealed class TokenGrants(PasswordLogin passwords, TokenIssuer issuer)
{
    public long LifetimeSeconds => (long)issuer.Lifetime.TotalSeconds;

    public async Task<AccessToken> ByPasswordAsync(ApiCall call, FormBody form, OAuthApplication application)
    {
        var scope = ScopeOf(form, TokenScope.Everything);
        var user = await passwords.CheckAsync(form["username"], form["password"], call.Http.Connection.RemoteIpAddress, call.Cancellation)
            ?? throw OAuthError.Of("invalid_grant", "Invalid credentials given.");
        var token = new AccessToken { UserId = user.Id, ApplicationId = application.Id, Scope = scope, CreatedById = user.Id, ModifiedById = user.Id };
        issuer.Fill(token);
        await using var transaction = await call.Db.Database.BeginTransactionAsync(call.Cancellation);
        call.Db.Add(token);
        await call.Db.SaveChangesAsync(call.Cancellation);
        call.Activity.Created(call.Db, user.Id, token);
        await call.Db.SaveChangesAsync(call.Cancellation);
        await transaction.CommitAsync(call.Cancellation);
        return token;
    }

    public async Task<AccessToken> ByRefreshTokenAsync(ApiCall call, FormBody form, OAuthApplication application)
    {
        var digest = RandomSecret.Digest(form["refresh_token"]);
        var token = await call.Db.AccessTokens.AsNoTracking()
            .SingleOrDefaultAsync(row => row.RefreshDigest == digest && row.ApplicationId == application.Id, call.Cancellation)
            ?? throw OAuthError.Of("invalid_grant");
        if (issuer.IsTooOld(token))
        {
            throw OAuthError.Of("invalid_grant", "The refresh token has expired.", StatusCodes.Status403Forbidden);
        }

        var scope = ScopeOf(form, token.Scope);
        if (!TokenScope.IsWithin(scope, token.Scope))
        {
            throw OAuthError.Of("invalid_scope");
        }

        return await issuer.RenewAsync(call.Db, token, scope, call.Cancellation) ? token : throw OAuthError.Of("invalid_grant");
    }

    public static async Task RevokeAsync(ApiCall call, string token, OAuthApplication application)
    {
        var digest = RandomSecret.Digest(token);
        await using var transaction = await call.Db.Database.BeginTransactionAsync(call.Cancellation);
        var tokens = call.Db.AccessTokens.Where(row => row.ApplicationId == application.Id && (row.TokenDigest == digest || row.RefreshDigest == digest));
        foreach (var row in await tokens.AsNoTracking().ToListAsync(call.Cancellation))
        {
            // Of several who give the same back, one is first.
            if (await call.Db.AccessTokens.Where(one => one.Id == row.Id).ExecuteDeleteAsync(call.Cancellation) == 1)
            {
                await call.Activity.DeletedAsync(call.Db, row.UserId, row, call.Cancellation);
            }
        }

        await call.Db.SaveChangesAsync(call.Cancellation);
        await transaction.CommitAsync(call.Cancellation);
    }

    private static string ScopeOf(FormBody form, string otherwise)
    {
        var scope = form["scope"];
        return scope.Length == 0 ? otherwise : TokenScope.IsValid(scope) ? scope : throw OAuthError.Of("invalid_scope");
    }
}

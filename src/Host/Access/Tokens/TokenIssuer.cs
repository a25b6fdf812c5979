using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Tokens;

/// <summary>Gives tokens their secrets and their time.</summary>
internal sealed class TokenIssuer(IOptions<LoginOptions> options, TimeProvider clock)
{
    public TimeSpan Lifetime => options.Value.AccessTokenLifetime;

    /// <summary>Fills a new token in. One of an application can be renewed.</summary>
    public void Fill(AccessToken token)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        token.Token = RandomSecret.New();
        token.TokenDigest = RandomSecret.Digest(token.Token);
        token.Expires = now + Lifetime;
        if (token.ApplicationId is not null)
        {
            token.RefreshToken = RandomSecret.New();
            token.RefreshDigest = RandomSecret.Digest(token.RefreshToken);
            token.RefreshExpires = now + options.Value.RefreshTokenLifetime;
        }
    }

    /// <summary>Whether a token can't be renewed any more, for its age.</summary>
    public bool IsTooOld(AccessToken token) => token.RefreshExpires <= clock.GetUtcNow().UtcDateTime;

    /// <summary>Gives a stored token other secrets; the ones before are worth nothing from then on.</summary>
    /// <returns>Whether it was done: of several who renew the same, one is first.</returns>
    public async Task<bool> RenewAsync(AppDb db, AccessToken token, string scope, CancellationToken cancellationToken)
    {
        var before = token.RefreshDigest;
        Fill(token);
        token.Scope = scope;
        var now = clock.GetUtcNow().UtcDateTime;
        return await db.AccessTokens.Where(row => row.Id == token.Id && row.RefreshDigest == before)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.TokenDigest, token.TokenDigest)
                    .SetProperty(row => row.RefreshDigest, token.RefreshDigest)
                    .SetProperty(row => row.RefreshExpires, token.RefreshExpires)
                    .SetProperty(row => row.Expires, token.Expires)
                    .SetProperty(row => row.Scope, scope)
                    .SetProperty(row => row.Modified, now),
                cancellationToken) == 1;
    }
}

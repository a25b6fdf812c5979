using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access.Tokens;

/// <summary>Finds out for whom a bearer token stands. When it was used isn't written: each request would be a write.</summary>
internal sealed class BearerLogin(IDbContextFactory<AppDb> databases, LocalToken localToken, TimeProvider clock)
{
    /// <summary>The caller; null for a token that there is not, or no longer.</summary>
    public async Task<Caller?> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (localToken.IsRight(token))
        {
            var administrator = await db.Users.AsNoTracking().Where(row => row.IsSuperuser).OrderBy(row => row.Id).FirstOrDefaultAsync(cancellationToken);
            return administrator is null ? null : Caller.Of(administrator);
        }

        var digest = RandomSecret.Digest(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var found = await db.AccessTokens.AsNoTracking().Where(row => row.TokenDigest == digest && row.Expires > now)
            .Select(row => new { row.User, row.Scope }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : Caller.Of(found.User) with { IsReadOnly = !TokenScope.MayWrite(found.Scope) };
    }
}

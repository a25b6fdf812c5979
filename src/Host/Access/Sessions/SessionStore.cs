using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Sessions;

/// <summary>
/// The sessions of users who logged in, in the database: they outlive a restart, hold on every host, and end when they are told to,
/// when their user is deleted, or gets another password.
/// </summary>
internal sealed class SessionStore(IOptions<LoginOptions> options, TimeProvider clock)
{
    private TimeSpan Lifetime => options.Value.SessionLifetime;

    /// <summary>Begins a session and gives what its cookie is to hold. Always a new one: a key that was there before may be known to others.</summary>
    public async Task<string> BeginAsync(AppDb db, User user, CancellationToken cancellationToken)
    {
        var key = RandomSecret.New();
        var now = clock.GetUtcNow().UtcDateTime;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LoginSessions.Where(session => session.Expires <= now).ExecuteDeleteAsync(cancellationToken);
        await EndOldestAsync(db, user.Id, cancellationToken);
        db.LoginSessions.Add(new LoginSession
        {
            UserId = user.Id,
            KeyDigest = RandomSecret.Digest(key),
            PasswordDigest = RandomSecret.Digest(user.PasswordHash),
            Created = now,
            Expires = now + Lifetime,
        });
        await db.SaveChangesAsync(cancellationToken);
        await db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastLogin, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    /// <summary>The session of a key, with its user; null when there is none, or it is over.</summary>
    public async Task<LoginSession?> FindAsync(AppDb db, string key, CancellationToken cancellationToken)
    {
        var digest = RandomSecret.Digest(key);
        var now = clock.GetUtcNow().UtcDateTime;
        var session = await db.LoginSessions.AsNoTracking().Include(row => row.User)
            .SingleOrDefaultAsync(row => row.KeyDigest == digest && row.Expires > now, cancellationToken);
        return session is not null && RandomSecret.Matches(session.User.PasswordHash, session.PasswordDigest) ? session : null;
    }

    /// <summary>Moves the end of a session that is being used. Not with every request: each would be a write.</summary>
    /// <returns>Whether it was moved.</returns>
    public async Task<bool> ExtendAsync(AppDb db, LoginSession session, CancellationToken cancellationToken)
    {
        var expires = clock.GetUtcNow().UtcDateTime + Lifetime;
        return expires - session.Expires >= Lifetime / 30
            && await db.LoginSessions.Where(row => row.Id == session.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Expires, expires), cancellationToken) == 1;
    }

    public static Task EndAsync(AppDb db, string key, CancellationToken cancellationToken)
    {
        var digest = RandomSecret.Digest(key);
        return db.LoginSessions.Where(row => row.KeyDigest == digest).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>A user who gives himself another password stays logged in where he does it, and nowhere else.</summary>
    public static Task KeepAsync(AppDb db, long sessionId, string passwordHash, CancellationToken cancellationToken)
    {
        var digest = RandomSecret.Digest(passwordHash);
        return db.LoginSessions.Where(row => row.Id == sessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordDigest, digest), cancellationToken);
    }

    private async Task EndOldestAsync(AppDb db, long userId, CancellationToken cancellationToken)
    {
        if (options.Value.SessionsPerUser is >= 0 and var most)
        {
            var newest = db.LoginSessions.Where(row => row.UserId == userId).OrderByDescending(row => row.Id).Select(row => row.Id)
                .Take(Math.Max(most - 1, 0));
            await db.LoginSessions.Where(row => row.UserId == userId && !newest.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}

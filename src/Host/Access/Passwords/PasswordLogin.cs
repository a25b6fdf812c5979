using System.Net;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access.Passwords;

/// <summary>Checks a name and a password, wherever they come from. An unknown name takes as long as a wrong password.</summary>
internal sealed partial class PasswordLogin(
    IDbContextFactory<AppDb> databases, PasswordHashes passwords, LoginThrottle throttle, ILogger<PasswordLogin> logger) : IDisposable
{
    /// <summary>Whoever comes when so many wait already is sent away: nobody would wait for the end of that line.</summary>
    private const int MaxWaiting = 1000;

    /// <summary>To hash costs a processor a tenth of a second: those who wait for it wait here and hold no thread.</summary>
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);

    /// <summary>Every request that brings a password asks this: translated once, not each time.</summary>
    private readonly Func<AppDb, string, CancellationToken, Task<User?>> _byName = EF.CompileAsyncQuery(
        (AppDb db, string username, CancellationToken _) => db.Users.AsNoTracking().SingleOrDefault(row => row.Username == username));

    private int _waiting;

    /// <summary>The user; null when the name or the password is wrong.</summary>
    /// <exception cref="LoginRefusedException">There were too many failures; nothing was checked.</exception>
    public async Task<User?> CheckAsync(string username, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var user = await FindAsync(username, cancellationToken);
        if (user is not null && passwords.Remembers(user, password))
        {
            return user;
        }

        RefuseWhenTooMany(username, address);
        await WaitAsync(cancellationToken);
        try
        {
            // Of many that came at once, those before may have failed in the meantime.
            RefuseWhenTooMany(username, address);
            if (passwords.Verify(user, password))
            {
                throttle.Succeeded(username, address);
                return user;
            }

            throttle.Failed(username, address);
        }
        finally
        {
            _processors.Release();
        }

        // People type passwords into the field of the name: what is no name isn't logged.
        LogFailed(user?.Username ?? "(no such user)", address);
        return null;
    }

    public void Dispose() => _processors.Dispose();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                throw new LoginRefusedException(StatusCodes.Status429TooManyRequests, "Too many logins at once.", TimeSpan.FromSeconds(1));
            }

            await _processors.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void RefuseWhenTooMany(string username, IPAddress? address)
    {
        if (throttle.Delay(username, address) is var delay && delay > TimeSpan.Zero)
        {
            LogThrottled(address, delay);
            throw LoginRefusedException.TooManyFailures(delay);
        }
    }

    private async Task<User?> FindAsync(string username, CancellationToken cancellationToken)
    {
        // A NUL can't be in a stored name, and PostgreSQL refuses it in a parameter.
        if (username.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await _byName(db, username, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Login failed for {Username} from {Address}")]
    private partial void LogFailed(string username, IPAddress? address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Login from {Address} not tried: too many failures, the next in {Delay}")]
    private partial void LogThrottled(IPAddress? address, TimeSpan delay);
}

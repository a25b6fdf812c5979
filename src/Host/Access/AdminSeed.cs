using System.Security.Cryptography;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access;

/// <summary>Makes the first administrator and the organization <c>Default</c>. Repeatable, and safe with several hosts starting at once.</summary>
internal sealed class AdminSeed(
    IDbContextFactory<AppDb> databases, PasswordHashes passwords, FirstPassword firstPassword, IConfiguration configuration)
{
    public const string AdminName = "admin";

    public const string PasswordKey = "AdminPassword";

    private const long LockKey = 0x5EED;

    private const string OrganizationName = "Default";

    // No letters or digits that are easily taken for each other.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int GeneratedLength = 20;

    /// <summary>Makes what is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await TransactionLock.TakeAsync(db, LockKey, cancellationToken);
        if (!await db.Organizations.AnyAsync(cancellationToken))
        {
            db.Organizations.Add(new Organization { Name = OrganizationName });
        }

        if (!await db.Users.AnyAsync(user => user.IsSuperuser || user.Username == AdminName, cancellationToken))
        {
            db.Users.Add(new User
            {
                Username = AdminName,
                IsSuperuser = true,
                PasswordHash = passwords.Hash(configuration[PasswordKey] is { Length: > 0 } configured ? configured : await GenerateAsync()),
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<string> GenerateAsync()
    {
        var password = RandomNumberGenerator.GetString(Alphabet, GeneratedLength);
        await firstPassword.ShowAsync(password);
        return password;
    }
}

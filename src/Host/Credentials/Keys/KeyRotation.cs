using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>
/// Exchanges the key of all secrets. While it is under way the key file holds the new key and the old one, so that a crash at any
/// point leaves everything readable; the next start or call goes on where this one ended.
/// </summary>
internal sealed partial class KeyRotation(SecretKeySource source, DatabaseRetry retry, ILogger<KeyRotation> logger)
{
    public const int BatchSize = 200;

    /// <summary>Makes a new key and puts it in front of the old one.</summary>
    public SecretKeyRing Begin(SecretKeyRing ring)
    {
        // An exchange that was cut off is finished first, with the key that it began with.
        if (ring.IsRotating)
        {
            return ring;
        }

        var both = new SecretKeyRing([SecretKey.New(), .. ring.Keys]);
        source.Write(both);
        return both;
    }

    /// <summary>Encrypts everything with the first key, then forgets the others.</summary>
    /// <returns>How many secrets could not be read and were left as they are; the old keys are kept then.</returns>
    public async Task<int> FinishAsync(SecretKeyRing ring, CancellationToken cancellationToken)
    {
        var changed = await ReencryptAsync(
            ring,
            db => db.CredentialSecrets.OrderBy(secret => secret.CredentialId).ThenBy(secret => secret.Field),
            old => secret => secret.CredentialId == old.CredentialId && secret.Field == old.Field,
            cancellationToken);
        changed += await ReencryptAsync(
            ring,
            db => db.JobPasswords.OrderBy(password => password.JobId).ThenBy(password => password.Name),
            old => password => password.JobId == old.JobId && password.Name == old.Name,
            cancellationToken);
        changed += await ReencryptAsync(
            ring,
            db => db.SchedulePasswords.OrderBy(answer => answer.ScheduleId).ThenBy(answer => answer.Variable),
            old => answer => answer.ScheduleId == old.ScheduleId && answer.Variable == old.Variable,
            cancellationToken);
        changed += await ReencryptAsync(
            ring,
            db => db.NotificationSecrets.OrderBy(secret => secret.TemplateId).ThenBy(secret => secret.Field),
            old => secret => secret.TemplateId == old.TemplateId && secret.Field == old.Field,
            cancellationToken);

        var left = await retry.ReadAsync(
            async (db, token) => await db.CredentialSecrets.CountAsync(secret => secret.KeyId != ring.Current.Id, token)
                + await db.JobPasswords.CountAsync(password => password.KeyId != ring.Current.Id, token)
                + await db.SchedulePasswords.CountAsync(answer => answer.KeyId != ring.Current.Id, token)
                + await db.NotificationSecrets.CountAsync(secret => secret.KeyId != ring.Current.Id, token),
            cancellationToken);
        if (left == 0)
        {
            await RegisterAsync(ring.Current.Id, cancellationToken);
            if (source.IsFile)
            {
                source.Write(new SecretKeyRing([ring.Current]));
            }

            LogFinished(changed, ring.Current.Id);
        }

        return left;
    }

    /// <summary>Goes through a table, batch by batch.</summary>
    private async Task<int> ReencryptAsync<T>(
        SecretKeyRing ring, Func<AppDb, IQueryable<T>> rows, Func<T, Expression<Func<T, bool>>> same, CancellationToken cancellationToken)
        where T : StoredSecret
    {
        var (changed, unreadable) = (0, 0);
        List<T> batch;
        do
        {
            // What was encrypted anew is no longer among them; what can't be read stands before the rest.
            batch = await retry.ReadAsync(
                (db, token) => rows(db).AsNoTracking().Where(secret => secret.KeyId != ring.Current.Id).Skip(unreadable).Take(BatchSize).ToListAsync(token),
                cancellationToken);
            var pairs = Reencrypt(ring, batch);
            unreadable += batch.Count - pairs.Count;
            changed += await retry.RunInTransactionAsync((db, token) => StoreAsync(db, pairs, same, ring.Current.Id, token), cancellationToken);
        }
        while (batch.Count == BatchSize);

        return changed;
    }

    private List<(T Old, byte[] Anew)> Reencrypt<T>(SecretKeyRing ring, List<T> batch)
        where T : StoredSecret
    {
        var pairs = new List<(T Old, byte[] Anew)>();
        foreach (var secret in batch)
        {
            if (ring.Find(secret.KeyId) is { } key && SecretCipher.Decrypt(key, secret) is { } value)
            {
                pairs.Add((secret, SecretCipher.Encrypt(ring.Current, secret.Place, value)));
            }
            else
            {
                LogUnreadable(secret, secret.KeyId);
            }
        }

        return pairs;
    }

    /// <summary>Only where it is still the value that was read: a user may have stored a new one.</summary>
    private static async Task<int> StoreAsync<T>(
        AppDb db, List<(T Old, byte[] Anew)> pairs, Func<T, Expression<Func<T, bool>>> same, string keyId, CancellationToken cancellationToken)
        where T : StoredSecret
    {
        var stored = 0;
        foreach (var (old, anew) in pairs)
        {
            stored += await db.Set<T>().Where(same(old)).Where(secret => secret.KeyId == old.KeyId && secret.Data == old.Data)
                .ExecuteUpdateAsync(s => s.SetProperty(secret => secret.KeyId, keyId).SetProperty(secret => secret.Data, anew), cancellationToken);
        }

        return stored;
    }

    private Task RegisterAsync(string keyId, CancellationToken cancellationToken) => retry.RunInTransactionAsync(
        (db, token) => db.Installation.Where(value => value.Name == SecretKeys.RegisteredName)
            .ExecuteUpdateAsync(s => s.SetProperty(value => value.Value, keyId), token),
        cancellationToken);

    [LoggerMessage(1, LogLevel.Error, "{Secret} can't be decrypted with key {KeyId}; it was left as it is")]
    private partial void LogUnreadable(StoredSecret secret, string keyId);

    [LoggerMessage(2, LogLevel.Information, "{Count} secrets were encrypted anew; the key is now {KeyId}")]
    private partial void LogFinished(int count, string keyId);
}

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
        var (changed, after, field) = (0, 0L, "");
        List<CredentialSecret> batch;
        do
        {
            batch = await ReadAsync(ring.Current.Id, after, field, cancellationToken);
            changed += await ReencryptAsync(ring, batch, cancellationToken);
            (after, field) = batch.Count > 0 ? (batch[^1].CredentialId, batch[^1].Field) : (after, field);
        }
        while (batch.Count == BatchSize);

        var left = await retry.ReadAsync(
            (db, token) => db.CredentialSecrets.CountAsync(secret => secret.KeyId != ring.Current.Id, token), cancellationToken);
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

    private async Task<int> ReencryptAsync(SecretKeyRing ring, List<CredentialSecret> batch, CancellationToken cancellationToken)
    {
        var pairs = new List<(CredentialSecret Old, CredentialSecret Anew)>();
        foreach (var secret in batch)
        {
            if (Reencrypt(ring, secret) is { } anew)
            {
                pairs.Add((secret, anew));
            }
            else
            {
                LogUnreadable(secret.CredentialId, secret.Field, secret.KeyId);
            }
        }

        return await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                var stored = 0;
                foreach (var (old, anew) in pairs)
                {
                    stored += await StoreAsync(db, old, anew, token);
                }

                return stored;
            },
            cancellationToken);
    }

    private static CredentialSecret? Reencrypt(SecretKeyRing ring, CredentialSecret secret) =>
        ring.Find(secret.KeyId) is { } old && SecretCipher.Decrypt(old, secret) is { } value
            ? SecretCipher.Encrypt(ring.Current, secret.CredentialId, secret.Field, value)
            : null;

    private Task<List<CredentialSecret>> ReadAsync(string current, long after, string field, CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => db.CredentialSecrets.AsNoTracking()
            .Where(secret => secret.KeyId != current)
            .Where(secret => secret.CredentialId > after || (secret.CredentialId == after && string.Compare(secret.Field, field) > 0))
            .OrderBy(secret => secret.CredentialId).ThenBy(secret => secret.Field).Take(BatchSize).ToListAsync(token),
        cancellationToken);

    /// <summary>Only when it is still the value that was read: a user may have stored a new one.</summary>
    private static Task<int> StoreAsync(AppDb db, CredentialSecret old, CredentialSecret anew, CancellationToken cancellationToken) =>
        db.CredentialSecrets
            .Where(secret => secret.CredentialId == old.CredentialId && secret.Field == old.Field && secret.KeyId == old.KeyId && secret.Data == old.Data)
            .ExecuteUpdateAsync(
                s => s.SetProperty(secret => secret.KeyId, anew.KeyId).SetProperty(secret => secret.Data, anew.Data), cancellationToken);

    private Task RegisterAsync(string keyId, CancellationToken cancellationToken) => retry.RunInTransactionAsync(
        (db, token) => db.Installation.Where(value => value.Name == SecretKeys.RegisteredName)
            .ExecuteUpdateAsync(s => s.SetProperty(value => value.Value, keyId), token),
        cancellationToken);

    [LoggerMessage(1, LogLevel.Error, "Field {Field} of credential {CredentialId} can't be decrypted with key {KeyId}; it was left as it is")]
    private partial void LogUnreadable(long credentialId, string field, string keyId);

    [LoggerMessage(2, LogLevel.Information, "{Count} secrets were encrypted anew; the key is now {KeyId}")]
    private partial void LogFinished(int count, string keyId);
}

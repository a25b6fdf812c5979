using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Notifications;

/// <summary>The secret values of notification templates: encrypted as credentials' are.</summary>
internal sealed class NotificationSecrets(SecretKeys keys)
{
    /// <summary>Why none can be stored; null when they can.</summary>
    public string? Fault => keys.Fault;

    /// <summary>In clear, by field.</summary>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(AppDb db, long templateId, CancellationToken cancellationToken)
    {
        var stored = await db.NotificationSecrets.AsNoTracking().Where(secret => secret.TemplateId == templateId).ToListAsync(cancellationToken);
        return stored.ToDictionary(secret => secret.Field, Decrypt, StringComparer.Ordinal);
    }

    /// <summary>Stores new values, and removes those that are neither new nor kept.</summary>
    public async Task StoreAsync(
        AppDb db, long templateId, IReadOnlyDictionary<string, string> anew, IReadOnlySet<string> kept, CancellationToken cancellationToken)
    {
        var gone = await db.NotificationSecrets.Where(secret => secret.TemplateId == templateId && !kept.Contains(secret.Field))
            .ToListAsync(cancellationToken);
        keys.Replace(db.NotificationSecrets, gone, anew, secret => secret.Field, field => new NotificationSecret { TemplateId = templateId, Field = field });
    }

    private string Decrypt(NotificationSecret secret) => keys.Decrypt(secret, $"{secret}", "Give it again.");
}

using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>Decrypts credentials for those who need them in clear: jobs, backends, git, tests of connections.</summary>
internal sealed class CredentialReader(SecretKeys keys)
{
    /// <summary>Reads credentials in the order of their ids; those that are gone are left out.</summary>
    /// <exception cref="SecretUnavailableException">A secret of one can't be decrypted.</exception>
    public async Task<IReadOnlyList<OpenCredential>> ReadAsync(AppDb db, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        // Mostly it is one, and the SQL of a comparison is written once, that of a list with every read.
        var rows = ids is [var id]
            ? db.Credentials.Where(row => row.Id == id)
            : db.Credentials.Where(row => ids.Contains(row.Id));
        var found = await rows.AsNoTracking().OrderBy(row => row.Id)
            .Select(row => new { Row = row, Type = row.CredentialType, Secrets = db.CredentialSecrets.Where(secret => secret.CredentialId == row.Id).ToList() })
            .ToListAsync(cancellationToken);
        return [.. found.Select(one => Open(one.Row, one.Type, one.Secrets))];
    }

    /// <summary>Reads one; null when it is gone.</summary>
    /// <exception cref="SecretUnavailableException">A secret of it can't be decrypted.</exception>
    public async Task<OpenCredential?> FindAsync(AppDb db, long id, CancellationToken cancellationToken) =>
        (await ReadAsync(db, [id], cancellationToken)).SingleOrDefault();

    /// <summary>The same as a failure of the place where a job was to run: it waits while the key is missing, and ends when a value is lost.</summary>
    public BackendException Failure(SecretUnavailableException e) => keys.Fault is null
        ? new BackendException(BackendFailureReason.InvalidSettings, e.Message, innerException: e)
        : new BackendException(BackendFailureReason.Unauthorized, e.Message, isTransient: true, e);

    private OpenCredential Open(Credential row, CredentialType type, IEnumerable<CredentialSecret> secrets)
    {
        using var inputs = JsonDocument.Parse(row.Inputs);
        var shown = inputs.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => CredentialSchema.Value(member.Value));
        var fields = CredentialSchema.Parse(type.Inputs);
        var asked = PasswordNames.Asked(fields, field => shown.GetValueOrDefault(field) is InputsReading.Ask, field => shown.GetValueOrDefault(field) is not (null or ""));
        var stored = secrets.ToDictionary(secret => secret.Field);
        return new OpenCredential
        {
            Id = row.Id,
            Name = row.Name,
            TypeId = row.CredentialTypeId,
            TypeName = type.Name,
            Kind = type.Kind,
            Namespace = type.Namespace,
            Injectors = type.Injectors,
            Fields = fields,
            Values = new InputValues(fields.Select(field => KeyValuePair.Create(field.Id, Value(field)))),
            Version = row.Version.ToString("N"),
            Asked = asked,
        };

        object? Value(InputField field) => shown.GetValueOrDefault(field.Id) switch
        {
            // The word is no value, whether the launch asks or, as for the passphrase of no key, does not.
            InputsReading.Ask when field.AskAtRuntime => null,
            Credential.Hidden => Decrypt(row, field, stored.GetValueOrDefault(field.Id)),
            var given => given ?? field.Default,
        };
    }

    private string Decrypt(Credential row, InputField field, CredentialSecret? secret)
    {
        if (secret is null)
        {
            throw Unreadable(row, field, "It is not in the database. Give it anew.");
        }

        var key = keys.Find(secret.KeyId) ?? throw Unreadable(row, field, keys.Missing(secret.KeyId));
        return SecretCipher.Decrypt(key, secret)
            ?? throw Unreadable(row, field, "What the database holds is damaged. Restore it from a backup, or give the value anew.");
    }

    private static SecretUnavailableException Unreadable(Credential row, InputField field, string why) =>
        new($"The value {field.Id} of credential {row.Id} \"{row.Name}\" can't be read. {why}");
}

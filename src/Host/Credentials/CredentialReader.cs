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
    private static readonly CompiledOnce<Func<AppDb, long, CancellationToken, Task<StoredCredential?>>> ById = new(() => EF.CompileAsyncQuery(
        (AppDb db, long id, CancellationToken _) => db.Credentials.AsNoTracking().Where(row => row.Id == id)
            .Select(row => new StoredCredential(row, row.CredentialType, db.CredentialSecrets.Where(secret => secret.CredentialId == row.Id).ToList()))
            .SingleOrDefault()));

    /// <summary>Reads credentials in the order of their ids; those that are gone are left out.</summary>
    /// <exception cref="SecretUnavailableException">A secret of one can't be decrypted.</exception>
    public async Task<IReadOnlyList<OpenCredential>> ReadAsync(AppDb db, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        if (ids is [var id])
        {
            // Mostly it is one, of the cluster, and every job needs it.
            return await FindAsync(db, id, cancellationToken) is { } only ? [only] : [];
        }

        var found = await db.Credentials.Where(row => ids.Contains(row.Id)).AsNoTracking().OrderBy(row => row.Id)
            .Select(row => new StoredCredential(row, row.CredentialType, db.CredentialSecrets.Where(secret => secret.CredentialId == row.Id).ToList()))
            .ToListAsync(cancellationToken);
        return [.. found.Select(Open)];
    }

    /// <summary>Reads one; null when it is gone.</summary>
    /// <exception cref="SecretUnavailableException">A secret of it can't be decrypted.</exception>
    public async Task<OpenCredential?> FindAsync(AppDb db, long id, CancellationToken cancellationToken) =>
        await ById.For(db)(db, id, cancellationToken) is { } found ? Open(found) : null;

    /// <summary>The same as a failure of the place where a job was to run: it waits while the key is missing, and ends when a value is lost.</summary>
    public BackendException Failure(SecretUnavailableException e) => keys.Fault is null
        ? new BackendException(BackendFailureReason.InvalidSettings, e.Message, innerException: e)
        : new BackendException(BackendFailureReason.Unauthorized, e.Message, isTransient: true, e);

    private OpenCredential Open(StoredCredential found)
    {
        var (row, type, secrets) = found;
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
        var name = $"The value {field.Id} of credential {row.Id} \"{row.Name}\"";
        return secret is null
            ? throw new SecretUnavailableException($"{name} can't be read. It is not in the database. Give it anew.")
            : keys.Decrypt(secret, name, "Restore it from a backup, or give the value anew.");
    }

    private sealed record StoredCredential(Credential Row, CredentialType Type, List<CredentialSecret> Secrets);
}

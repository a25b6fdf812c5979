using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials.Inputs;

/// <summary>Checks what a body says of a credential's values, and stores them: the secret ones encrypted, never in the credential's row.</summary>
internal sealed class CredentialWrites(PluginCatalog plugins, SecretKeys keys, CredentialReader reader)
{
    /// <summary>Reads and checks; what is to be stored goes with the write.</summary>
    public async Task CheckAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        var credential = write.Entity;
        var type = await write.Db.CredentialTypes.AsNoTracking().SingleOrDefaultAsync(row => row.Id == credential.CredentialTypeId, cancellationToken);
        if (type is null || write.Errors.Has("credential_type"))
        {
            return;
        }

        var isGiven = write.Body.TryGet(InputsReading.Name, out var json);
        if (!isGiven && !write.Creating && !write.Changes(row => row.CredentialTypeId))
        {
            return;
        }

        ICredentialType? plugin = null;
        if (type.Managed && (type.Namespace is null || !plugins.TryGetCredentialType(type.Namespace, out plugin)))
        {
            write.Errors.Add("credential_type", $"The plugin that gives the type \"{type.Name}\" is not there; its values can't be checked. See /api/v2/plugins/.");
            return;
        }

        var fields = CredentialSchema.Parse(type.Inputs);
        var given = Read(write, fields, isGiven ? json : null);
        var values = await ValuesAsync(write, fields, given, cancellationToken);
        CheckPrivateKeys(write.Errors, fields, given, values);
        CheckVaultId(write, type, given);
        AskPlugin(write.Errors, plugin, values);
        if (given.NewSecrets.Count > 0 && keys.Fault is { } fault)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, $"Secrets can't be stored. {fault}");
        }

        write.Prepared = given;
    }

    /// <summary>Puts what is shown into the row.</summary>
    public static Task ApplyAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        if (write.Prepared is GivenInputs given)
        {
            write.Entity.Inputs = given.ShownJson;
            write.Entity.Version = Guid.NewGuid();
        }

        return Task.CompletedTask;
    }

    /// <summary>Stores the secrets; the credential has its id now.</summary>
    public async Task StoreSecretsAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        if (write.Prepared is not GivenInputs given)
        {
            return;
        }

        var id = write.Entity.Id;
        var stored = await write.Db.CredentialSecrets.Where(secret => secret.CredentialId == id && !given.Kept.Contains(secret.Field))
            .ToListAsync(cancellationToken);
        keys.Replace(write.Db.CredentialSecrets, stored, given.NewSecrets, secret => secret.Field, field => new CredentialSecret { CredentialId = id, Field = field });
    }

    private static GivenInputs Read(Write<Credential> write, IReadOnlyList<InputField> fields, JsonElement? json)
    {
        // Under another type the same name may mean another thing: nothing is kept.
        var stored = write.Creating || write.Changes(row => row.CredentialTypeId) ? null : write.Entity.Inputs;
        if (json is { } given)
        {
            return new InputsReading(fields, write.Errors).Read(given, stored);
        }

        using var empty = JsonDocument.Parse("{}");
        return new InputsReading(fields, write.Errors).Read(empty.RootElement, stored);
    }

    /// <summary>All values in clear, the kept ones too, as far as they can be read.</summary>
    private async Task<InputValues> ValuesAsync(
        Write<Credential> write, IReadOnlyList<InputField> fields, GivenInputs given, CancellationToken cancellationToken)
    {
        InputValues? kept = null;
        if (given.Kept.Count > 0)
        {
            try
            {
                kept = (await reader.FindAsync(write.Db, write.Entity.Id, cancellationToken))?.Values;
            }
            catch (SecretUnavailableException)
            {
                // What can't be read was legal when it was stored; the rest is checked without it.
            }
        }

        return new InputValues(fields.Select(input => new KeyValuePair<string, object?>(input.Id, Value(input))));

        object? Value(InputField input)
        {
            if (given.NewSecrets.TryGetValue(input.Id, out var secret))
            {
                return secret;
            }

            if (given.Kept.Contains(input.Id))
            {
                return kept?.GetString(input.Id);
            }

            var value = given.Shown.GetValueOrDefault(input.Id);
            return value is InputsReading.Ask && input.AskAtRuntime ? null : value ?? input.Default;
        }
    }

    private static void CheckPrivateKeys(FieldErrors errors, IReadOnlyList<InputField> fields, GivenInputs given, InputValues values)
    {
        var key = fields.FirstOrDefault(input => input.Format == CredentialSchema.PrivateKeyFormat);
        if (key is null || fields.All(input => input.Id != PasswordNames.UnlockField) || values.GetString(key.Id) is not { Length: > 0 } text
            || PrivateKeyText.IsEncrypted(text) is not { } encrypted)
        {
            return;
        }

        var hasUnlock = given.Shown.ContainsKey(PasswordNames.UnlockField);
        if (encrypted && !hasUnlock)
        {
            errors.Add(InputsReading.Name, PasswordNames.UnlockField, "must be set when SSH key is encrypted.");
        }
        else if (!encrypted && hasUnlock)
        {
            errors.Add(InputsReading.Name, PasswordNames.UnlockField, "should not be set when SSH key is not encrypted.");
        }
    }

    private static void CheckVaultId(Write<Credential> write, CredentialType type, GivenInputs given)
    {
        if (type.Kind != CredentialKinds.Vault || write.Creating || write.Changes(row => row.CredentialTypeId))
        {
            return;
        }

        using var before = JsonDocument.Parse(write.Entity.Inputs);
        var old = before.RootElement.TryGetProperty(PasswordNames.VaultIdField, out var id) ? id.GetString() : "";
        if (old != (given.Text(PasswordNames.VaultIdField) ?? ""))
        {
            write.Errors.Add(InputsReading.Name, "Vault IDs cannot be changed once they have been created.");
        }
    }

    private static void AskPlugin(FieldErrors errors, ICredentialType? plugin, InputValues values)
    {
        if (plugin is null || errors.Has(InputsReading.Name))
        {
            return;
        }

        try
        {
            foreach (var error in plugin.Validate(values))
            {
                errors.Add(InputsReading.Name, error.Field, error.Message);
            }
        }
        catch (BackendException e)
        {
            errors.Add(InputsReading.Name, e.Message);
        }
    }
}

using System.Text.Json;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>A credential as one of those that a template or a job has: one machine credential, one of each other type, and as many vault
/// credentials as there are vault ids.</summary>
internal sealed record AttachedCredential(long Id, string Name, long TypeId, string TypeName, string Kind, string Inputs, string AskedSchema)
{
    /// <summary>How it stands in the JSON of a credential's inputs.</summary>
    public const string AskJson = $"\"{InputsReading.Ask}\"";

    /// <summary>No two of the same may be together.</summary>
    public string Place => Kind == CredentialKinds.Vault ? $"vault {VaultId}" : $"type {TypeId}";

    public string VaultId => Texts(Inputs).GetValueOrDefault(PasswordNames.VaultIdField) ?? "";

    /// <summary>AWX's names of the passwords that are to be asked for at launch.</summary>
    public IReadOnlyList<string> Passwords => PasswordsOf(Kind, Inputs, AskedSchema);

    /// <summary>Why it can't be with the others; null when it can.</summary>
    public string? Conflict(IEnumerable<AttachedCredential> others) =>
        !CredentialKinds.IsForJobs(Kind) ? $"Cannot assign a Credential of kind `{Kind}`."
        : others.Any(other => other.Id != Id && other.Place == Place) ? $"Cannot assign multiple {Title} credentials."
        : null;

    public static async Task<IReadOnlyList<AttachedCredential>> FindAsync(
        IQueryable<Credential> rows, CancellationToken cancellationToken) => await rows.AsNoTracking().OrderBy(row => row.Id)
        .Select(row => new AttachedCredential(
            row.Id, row.Name, row.CredentialTypeId, row.CredentialType.Name, row.CredentialType.Kind, row.Inputs,
            // Most ask for nothing, and need no schema then.
            row.Inputs.Contains(AskJson) ? row.CredentialType.Inputs : ""))
        .ToListAsync(cancellationToken);

    /// <summary>The names of what a credential asks for.</summary>
    /// <param name="kind">Of its type.</param>
    /// <param name="inputs">As they are shown.</param>
    /// <param name="schema">Of its type; empty when it asks for nothing.</param>
    public static IReadOnlyList<string> PasswordsOf(string kind, string inputs, string schema)
    {
        if (schema.Length == 0)
        {
            return [];
        }

        var given = Texts(inputs);
        var asked = PasswordNames.Asked(
            CredentialSchema.Parse(schema), field => given.GetValueOrDefault(field) == InputsReading.Ask, field => given.GetValueOrDefault(field) is { Length: > 0 });
        return [.. asked.Select(field => PasswordNames.Of(kind, field, given.GetValueOrDefault(PasswordNames.VaultIdField)))];
    }

    /// <summary>The type, and which of several.</summary>
    public string Title => VaultId.Length > 0 ? $"{TypeName} (id={VaultId})" : TypeName;

    private static Dictionary<string, string?> Texts(string inputs)
    {
        using var json = JsonDocument.Parse(inputs);
        return json.RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null);
    }
}

using System.Text.Json;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>A credential as one of those that a template or a job has: one machine credential, one of each other type, and as many vault
/// credentials as there are vault ids.</summary>
internal sealed record AttachedCredential(long Id, string Name, long TypeId, string TypeName, string Kind, string Inputs)
{
    /// <summary>No two of the same may be together.</summary>
    public string Place => Kind == CredentialKinds.Vault ? $"vault {VaultId}" : $"type {TypeId}";

    public string VaultId => Text("vault_id");

    /// <summary>AWX's names of the passwords that are to be asked for at launch.</summary>
    public IEnumerable<string> Passwords => Members().Where(member => member.Value == InputsReading.Ask).Select(member => member.Key switch
    {
        "password" => "ssh_password",
        "vault_password" when VaultId.Length > 0 => $"vault_password.{VaultId}",
        var other => other,
    });

    /// <summary>Why it can't be with the others; null when it can.</summary>
    public string? Conflict(IEnumerable<AttachedCredential> others) =>
        !CredentialKinds.IsForJobs(Kind) ? $"Cannot assign a Credential of kind `{Kind}`."
        : others.Any(other => other.Id != Id && other.Place == Place) ? $"Cannot assign multiple {Title} credentials."
        : null;

    public static async Task<IReadOnlyList<AttachedCredential>> FindAsync(
        IQueryable<Credential> rows, CancellationToken cancellationToken) => await rows.AsNoTracking().OrderBy(row => row.Id)
        .Select(row => new AttachedCredential(
            row.Id, row.Name, row.CredentialTypeId, row.CredentialType.Name, row.CredentialType.Kind, row.Inputs))
        .ToListAsync(cancellationToken);

    /// <summary>The type, and which of several.</summary>
    public string Title => VaultId.Length > 0 ? $"{TypeName} (id={VaultId})" : TypeName;

    private string Text(string field) => Members().FirstOrDefault(member => member.Key == field).Value ?? "";

    private List<KeyValuePair<string, string?>> Members()
    {
        using var json = JsonDocument.Parse(Inputs);
        return [.. json.RootElement.EnumerateObject()
            .Select(member => KeyValuePair.Create(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null))];
    }
}

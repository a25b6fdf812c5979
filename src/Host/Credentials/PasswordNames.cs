using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Types;

namespace ContainerGroups.Host.Credentials;

/// <summary>AWX's names of what a credential leaves to be asked for at launch.</summary>
internal static class PasswordNames
{
    public const string VaultIdField = "vault_id";
    public const string UnlockField = "ssh_key_unlock";

    private const string PasswordField = "password";
    private const string VaultPasswordField = "vault_password";

    public static string Of(string kind, string field, string? vaultId) => (kind, field) switch
    {
        (CredentialKinds.Machine, PasswordField) => "ssh_password",
        (CredentialKinds.Vault, VaultPasswordField) when !string.IsNullOrEmpty(vaultId) => $"{field}.{vaultId}",
        _ => field,
    };

    /// <summary>The fields to ask for: those that say so, and the passphrase of a key only where there is one.</summary>
    /// <param name="fields">The schema.</param>
    /// <param name="asks">Whether the credential says so of a field.</param>
    /// <param name="has">Whether it has a value for a field.</param>
    public static IReadOnlyList<string> Asked(IReadOnlyList<InputField> fields, Func<string, bool> asks, Func<string, bool> has)
    {
        var keys = fields.Where(input => input.Format == CredentialSchema.PrivateKeyFormat).ToList();
        return
        [
            .. fields.Where(input => input.AskAtRuntime && asks(input.Id)
                && (input.Id != UnlockField || keys.Count == 0 || keys.Any(key => has(key.Id)))).Select(input => input.Id),
        ];
    }
}

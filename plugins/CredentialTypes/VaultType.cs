using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes;

/// <summary>The password of what Ansible Vault has encrypted. A job may have several, told apart by their ids.</summary>
internal sealed class VaultType : ICredentialType
{
    public string Namespace => "vault";

    public string Kind => "vault";

    public string Name => "Vault";

    public string Description => "The password of files and variables that Ansible Vault has encrypted.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new() { Id = "vault_password", Label = "Vault Password", Secret = true, AskAtRuntime = true, Required = true },
        new()
        {
            Id = "vault_id",
            Label = "Vault Identifier",
            HelpText = "Specify an (optional) Vault ID. This is equivalent to specifying the --vault-id Ansible parameter for "
                + "providing multiple Vault passwords.",
        },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
    [
        .. Rules.OneLine(inputs, "vault_password", "vault_id"),
        .. Rules.NoOption(inputs, "vault_id"),
        .. inputs.GetString("vault_id")?.Contains('@', StringComparison.Ordinal) == true
            ? (InputError[])[new() { Field = "vault_id", Message = "The value must not contain '@'." }]
            : [],
    ];

    public Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectionTest { Message = "There is nothing to connect to; whether the password is right shows in a job." });
}

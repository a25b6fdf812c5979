using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes;

/// <summary>How Ansible logs in to the hosts of an inventory, and becomes another user there. The host gives its values to
/// <c>ansible-playbook</c> by files.</summary>
internal sealed class MachineType : ICredentialType
{
    public string Namespace => "ssh";

    public string Kind => "ssh";

    public string Name => "Machine";

    public string Description => "How a playbook logs in to its hosts, and becomes another user there.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new() { Id = "username", Label = "Username" },
        new() { Id = "password", Label = "Password", Secret = true, AskAtRuntime = true },
        new() { Id = "ssh_key_data", Label = "SSH Private Key", Secret = true, Multiline = true, Format = "ssh_private_key" },
        new() { Id = "ssh_public_key_data", Label = "Signed SSH Certificate", Secret = true, Multiline = true },
        new() { Id = "ssh_key_unlock", Label = "Private Key Passphrase", Secret = true, AskAtRuntime = true },
        new()
        {
            Id = "become_method",
            Label = "Privilege Escalation Method",
            HelpText = "Specify a method for \"become\" operations. This is equivalent to specifying the --become-method Ansible parameter.",
        },
        new() { Id = "become_username", Label = "Privilege Escalation Username" },
        new() { Id = "become_password", Label = "Privilege Escalation Password", Secret = true, AskAtRuntime = true },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
    [
        .. Rules.OneLine(inputs, "username", "password", "ssh_key_unlock", "become_method", "become_username", "become_password"),
        .. Rules.NoOption(inputs, "username", "become_method", "become_username"),
        .. Certificate(inputs),
    ];

    public Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectionTest
        {
            Message = "The values are well formed. Which hosts they open only a job can tell.",
        });

    private static IEnumerable<InputError> Certificate(InputValues inputs)
    {
        if (inputs.GetString("ssh_public_key_data") is not { Length: > 0 } certificate)
        {
            yield break;
        }

        if (!certificate.TrimStart().Split(' ')[0].Contains("-cert-v01@openssh.com", StringComparison.Ordinal))
        {
            yield return new InputError
            {
                Field = "ssh_public_key_data",
                Message = "Invalid certificate or key: a certificate as ssh-keygen signs it is expected (ssh-…-cert-v01@openssh.com AAAA…).",
            };
        }

        if (inputs.GetString("ssh_key_data") is not { Length: > 0 })
        {
            yield return new InputError { Field = "ssh_public_key_data", Message = "A signed certificate needs its private key in ssh_key_data." };
        }
    }
}

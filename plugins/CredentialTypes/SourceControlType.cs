using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes;

/// <summary>How a project's repository is reached.</summary>
internal sealed class SourceControlType : ICredentialType
{
    public string Namespace => "scm";

    public string Kind => "scm";

    public string Name => "Source Control";

    public string Description => "How a project's repository is reached: user and password or token, or an SSH key.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new() { Id = "username", Label = "Username" },
        new() { Id = "password", Label = "Password", Secret = true },
        new() { Id = "ssh_key_data", Label = "SCM Private Key", Secret = true, Multiline = true, Format = "ssh_private_key" },
        new() { Id = "ssh_key_unlock", Label = "Private Key Passphrase", Secret = true },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
        [.. Rules.OneLine(inputs, "username", "password", "ssh_key_unlock"), .. Rules.NoOption(inputs, "username")];

    public Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectionTest
        {
            Message = "The values are well formed. Which repositories they open shows when a project that uses them is updated.",
        });
}

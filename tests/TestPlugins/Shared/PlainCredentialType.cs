using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>The least that a credential type can be.</summary>
internal class PlainCredentialType(string @namespace) : ICredentialType
{
    public string Namespace => @namespace;

    public string Kind => "cloud";

    public string Name => $"Test type {Namespace}";

    public string Description => "";

    public IReadOnlyList<InputField> Inputs { get; } = [new() { Id = "token", Label = "Token", Required = true, Secret = true }];

    public IReadOnlyList<InputError> Validate(InputValues inputs) => [];

    public virtual Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectionTest { Message = "There is nothing to connect to." });
}

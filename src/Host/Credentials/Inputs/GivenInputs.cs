using System.Text.Json;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials.Inputs;

/// <summary>The values that a credential is to have, parted into what may be seen and what may not.</summary>
internal sealed class GivenInputs
{
    /// <summary>What is shown and stored in the open, with <see cref="Credential.Hidden"/> for secrets.</summary>
    public Dictionary<string, object> Shown { get; } = new(StringComparer.Ordinal);

    /// <summary>New secrets by field.</summary>
    public Dictionary<string, string> NewSecrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The fields whose stored secrets stay as they are.</summary>
    public HashSet<string> Kept { get; } = new(StringComparer.Ordinal);

    public string ShownJson => JsonSerializer.Serialize(Shown, JsonValues.SerializerOptions);

    /// <summary>A text that may be seen; null when there is none.</summary>
    public string? Text(string field) => Shown.GetValueOrDefault(field) as string;

    /// <summary>Ids only.</summary>
    public override string ToString() => $"GivenInputs({string.Join(", ", Shown.Keys)})";
}

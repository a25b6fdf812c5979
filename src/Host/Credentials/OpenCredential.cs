using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Credentials;

/// <summary>A credential with its values in clear. It is never stored, logged or answered.</summary>
internal sealed record OpenCredential
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required long TypeId { get; init; }

    public required string TypeName { get; init; }

    public required string Kind { get; init; }

    /// <summary>By which its plugin knows the type; null for a user's own type.</summary>
    public required string? Namespace { get; init; }

    /// <summary>The injectors of a user's own type.</summary>
    public required string Injectors { get; init; }

    public required IReadOnlyList<InputField> Fields { get; init; }

    /// <summary>With the defaults of the fields filled in.</summary>
    public required InputValues Values { get; init; }

    public required string Version { get; init; }

    /// <summary>The values that nobody may see.</summary>
    public IEnumerable<string> Secrets => Fields.Where(input => input.Secret).Select(input => Values.GetString(input.Id)).OfType<string>()
        .Where(value => value.Length > 0);

    /// <summary>The fields that have to have a value and have none.</summary>
    public IReadOnlyList<string> MissingInputs =>
        [.. Fields.Where(input => input.Required && (!Values.TryGet(input.Id, out var value) || value is "")).Select(input => input.Id)];

    /// <summary>Ids only.</summary>
    public override string ToString() => $"credential {Id} ({string.Join(", ", Values.Ids)})";
}

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

    /// <summary>The fields whose values are asked for at launch, and are not here.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>The values that nobody may see.</summary>
    public IEnumerable<string> Secrets => Fields.Where(input => input.Secret).Select(input => Values.GetString(input.Id)).OfType<string>()
        .Where(value => value.Length > 0);

    /// <summary>The fields that have to have a value, have none, and won't get one at launch.</summary>
    public IReadOnlyList<string> MissingInputs =>
        [.. Fields.Where(input => input.Required && !Asked.Contains(input.Id) && (!Values.TryGet(input.Id, out var value) || value is "")).Select(input => input.Id)];

    /// <summary>The names of what is asked for at launch and has not been given.</summary>
    public IEnumerable<string> Passwords => Asked.Select(PasswordOf);

    /// <summary>The same with what was given at launch.</summary>
    public OpenCredential With(IReadOnlyDictionary<string, string> passwords)
    {
        var given = Asked.Where(field => passwords.ContainsKey(PasswordOf(field))).ToList();
        return given.Count == 0 ? this : this with
        {
            Asked = [.. Asked.Except(given)],
            Values = new InputValues(Fields.Select(input => KeyValuePair.Create(
                input.Id, given.Contains(input.Id) ? passwords[PasswordOf(input.Id)] : Values.TryGet(input.Id, out var value) ? value : null))),
        };
    }

    private string PasswordOf(string field) => PasswordNames.Of(Kind, field, Values.GetString(PasswordNames.VaultIdField));

    /// <summary>Ids only.</summary>
    public override string ToString() => $"credential {Id} ({string.Join(", ", Values.Ids)})";
}

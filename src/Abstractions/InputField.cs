namespace ContainerGroups.Abstractions;

/// <summary>The type of an input's value.</summary>
public enum InputFieldType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number, 64 bits.</summary>
    Integer,
}

/// <summary>One value that a user gives: of a credential, or of a backend's settings. One schema makes the form, the validation
/// and the answer to <c>OPTIONS</c>.</summary>
public sealed record InputField
{
    /// <summary>The key of the value: letters, digits and underscores, not beginning with a digit (<c>bearer_token</c>).</summary>
    public required string Id { get; init; }

    /// <summary>What a person reads beside the field.</summary>
    public required string Label { get; init; }

    /// <summary>The type of the value.</summary>
    public InputFieldType Type { get; init; } = InputFieldType.String;

    /// <summary>Whether a value must be given before the credential or backend can be used.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the value is stored encrypted and never shown again. Strings only.</summary>
    public bool Secret { get; init; }

    /// <summary>Whether the value may have several lines. Strings only.</summary>
    public bool Multiline { get; init; }

    /// <summary>Whether the value may be asked for at launch (AWX's <c>ask_at_runtime</c>). Strings only.</summary>
    public bool AskAtRuntime { get; init; }

    /// <summary>A known form of the text, checked by the host: <c>ssh_private_key</c> or <c>url</c>; null for none.</summary>
    public string? Format { get; init; }

    /// <summary>The value that holds when none is given: a string, a bool or a long, according to <see cref="Type"/>; null for none.</summary>
    public object? Default { get; init; }

    /// <summary>The only values allowed; empty for any. Strings only.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A sentence or two for the person who fills the field in.</summary>
    public string HelpText { get; init; } = "";
}

/// <summary>Why a value can't be accepted.</summary>
public sealed record InputError
{
    /// <summary>The <see cref="InputField.Id"/> that is wrong.</summary>
    public required string Field { get; init; }

    /// <summary>What is wrong with it and what would be right, in a sentence. Never contains the value of a secret field.</summary>
    public required string Message { get; init; }
}

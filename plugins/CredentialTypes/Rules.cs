using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes;

/// <summary>Rules that several types share.</summary>
internal static class Rules
{
    /// <summary>Passwords and names are written as lines: a second line would be lost, or read as something else.</summary>
    public static IEnumerable<InputError> OneLine(InputValues inputs, params string[] fields) =>
        from field in fields
        where inputs.GetString(field)?.AsSpan().IndexOfAny('\r', '\n') >= 0
        select new InputError { Field = field, Message = "The value must be one line." };

    /// <summary>Values that stand on a command line must not look like options.</summary>
    public static IEnumerable<InputError> NoOption(InputValues inputs, params string[] fields) =>
        from field in fields
        where inputs.GetString(field)?.StartsWith('-') == true
        select new InputError { Field = field, Message = "The value must not begin with a hyphen." };
}

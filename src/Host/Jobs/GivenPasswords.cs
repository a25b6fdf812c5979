using System.Text.Json;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// The passwords in the body of a launch, and which of them the job's credentials ask for. Those alone are kept; none of them is ever
/// answered, or part of a message.
/// </summary>
internal sealed class GivenPasswords
{
    public const string Field = "credential_passwords";

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>For a launch without a body.</summary>
    public static GivenPasswords None => new();

    /// <summary>What is needed and given, by name.</summary>
    public IReadOnlyDictionary<string, string> Taken => _taken;

    /// <param name="body">Of a launch: without an object for them, they may stand in the body itself, as in AWX.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static GivenPasswords Read(RequestBody body, FieldErrors errors)
    {
        var passwords = new GivenPasswords();
        if (!body.TryGet(Field, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            foreach (var member in body.Root.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String))
            {
                passwords._given[member.Name] = member.Value.GetString()!;
            }
        }
        else if (given.ValueKind != JsonValueKind.Object)
        {
            errors.Add(Field, "An object is expected, from the name of a password to the password.");
        }
        else
        {
            passwords.Read(given, errors);
        }

        return passwords;
    }

    /// <summary>Takes what was given elsewhere.</summary>
    public void Keep(string name, string password) => _taken[name] = password;

    /// <summary>Takes a password that is needed.</summary>
    /// <returns>Whether it was given.</returns>
    public bool Take(string name, FieldErrors errors)
    {
        if (!_given.TryGetValue(name, out var password) || password.Length == 0)
        {
            return false;
        }

        if (FaultOf(password) is { } fault)
        {
            errors.Add(Field, name, fault);
        }

        _taken[name] = password;
        return true;
    }

    private void Read(JsonElement given, FieldErrors errors)
    {
        foreach (var member in given.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                _given[member.Name] = member.Value.GetString()!;
            }
            else
            {
                errors.Add(Field, member.Name, "Not a valid string.");
            }
        }
    }

    /// <summary>A password reaches its program as a line.</summary>
    private static string? FaultOf(string password) =>
        password.Length > InputsReading.MaxLength ? $"Ensure this field has no more than {InputsReading.MaxLength} characters."
        : password.Contains('\0', StringComparison.Ordinal) ? "Null characters are not allowed."
        : password.AsSpan().IndexOfAny('\r', '\n') >= 0 ? "The value must be one line."
        : null;
}

using System.Diagnostics.CodeAnalysis;

namespace ContainerGroups.Abstractions;

/// <summary>
/// The values a user gave for a list of <see cref="InputField"/>s, with the fields' defaults filled in. Secrets are in clear:
/// the object is never written to a log, an answer or a file, and its <see cref="ToString"/> shows ids only.
/// </summary>
public sealed class InputValues
{
    private readonly Dictionary<string, object> _values;

    /// <summary>Takes values of the types string, bool and long by field id; nulls are left out.</summary>
    /// <exception cref="ArgumentException">A value is of another type.</exception>
    public InputValues(IEnumerable<KeyValuePair<string, object?>> values)
    {
        _values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (id, value) in values)
        {
            if (value is null)
            {
                continue;
            }

            _values[id] = value is string or bool or long
                ? value
                : throw new ArgumentException($"The value of {id} is a {value.GetType().Name}; string, bool and long are allowed.", nameof(values));
        }
    }

    /// <summary>No values.</summary>
    public static InputValues Empty { get; } = new([]);

    /// <summary>The ids that have a value.</summary>
    public IReadOnlyCollection<string> Ids => _values.Keys;

    /// <summary>The text of a field; null when it has none.</summary>
    /// <exception cref="InvalidOperationException">The field has a value that is no string.</exception>
    public string? GetString(string id) => Get<string>(id);

    /// <summary>The truth value of a field; null when it has none.</summary>
    /// <exception cref="InvalidOperationException">The field has a value that is no boolean.</exception>
    public bool? GetBoolean(string id) => _values.ContainsKey(id) ? Get<bool>(id) : null;

    /// <summary>The number of a field; null when it has none.</summary>
    /// <exception cref="InvalidOperationException">The field has a value that is no integer.</exception>
    public long? GetInteger(string id) => _values.ContainsKey(id) ? Get<long>(id) : null;

    /// <summary>The value of a field, whatever its type.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out object? value) => _values.TryGetValue(id, out value);

    /// <summary>The ids that have a value; never a value.</summary>
    public override string ToString() => $"InputValues({string.Join(", ", _values.Keys)})";

    private T? Get<T>(string id) => !_values.TryGetValue(id, out var value)
        ? default
        : value is T typed
            ? typed
            : throw new InvalidOperationException($"The value of {id} is a {value.GetType().Name}, not a {typeof(T).Name}.");
}

using System.Text.Json;

namespace ContainerGroups.Host.Rest;

/// <summary>Everything that is wrong with a body, by field, in the order in which it was found.</summary>
internal sealed class FieldErrors
{
    /// <summary>The key of an error that belongs to several fields.</summary>
    public const string WholeObject = "__all__";

    private readonly OrderedDictionary<string, List<string>> _byField = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _plain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldErrors> _inside = new(StringComparer.Ordinal);

    public bool Any => _byField.Count > 0;

    public IEnumerable<string> Fields => _byField.Keys;

    public bool Has(string field) => _byField.ContainsKey(field);

    public void Add(string field, string message)
    {
        if (!_byField.TryGetValue(field, out var messages))
        {
            _byField.Add(field, messages = []);
        }

        if (!messages.Contains(message))
        {
            messages.Add(message);
        }
    }

    /// <summary>Tells what is wrong where AWX answers with the text alone, in no list.</summary>
    public void AddPlain(string field, string message)
    {
        _byField.TryAdd(field, []);
        _plain[field] = message;
    }

    /// <summary>Tells what is wrong with a part of a field that is an object.</summary>
    public void Add(string field, string part, string message)
    {
        _byField.TryAdd(field, []);
        if (!_inside.TryGetValue(field, out var parts))
        {
            _inside.Add(field, parts = new FieldErrors());
        }

        parts.Add(part, message);
    }

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw ApiException.Invalid(this);
        }
    }

    /// <summary>As a sentence or more, for where there is no answer to put it in.</summary>
    public override string ToString() => string.Join(
        ' ', _byField.Select(field => $"{field.Key}: {string.Join(' ', field.Value.Append(_inside.GetValueOrDefault(field.Key)?.ToString()).OfType<string>())}"));

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (field, messages) in _byField)
        {
            if (_inside.TryGetValue(field, out var parts))
            {
                messages.ForEach(message => parts.Add(WholeObject, message));
                writer.WritePropertyName(field);
                parts.Write(writer);
                continue;
            }

            if (messages.Count == 0 && _plain.TryGetValue(field, out var text))
            {
                writer.WriteString(field, text);
                continue;
            }

            writer.WriteStartArray(field);
            messages.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}

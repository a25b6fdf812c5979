using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>Writes variables so that Ansible takes their texts as they are: a password that looks like a template is a password.</summary>
internal static class UnsafeYaml
{
    public static string Write(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                Join(text, '{', members, '}', member =>
                {
                    Quote(text, member.Key);
                    text.Append(": ");
                    Write(text, member.Value);
                });
                break;
            case JsonArray items:
                Join(text, '[', items, ']', item => Write(text, item));
                break;
            default:
                text.Append("!unsafe ");
                Quote(text, value?.ToString() ?? "");
                break;
        }
    }

    private static void Join<T>(StringBuilder text, char open, IEnumerable<T> items, char close, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : ", ");
            write(item);
            first = false;
        }

        text.Append(close);
    }

    /// <summary>What YAML does not print by itself is escaped; pairs of surrogates are one character to it and stay.</summary>
    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c < ' ' || c is >= '\x7f' and <= '\xa0' or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}

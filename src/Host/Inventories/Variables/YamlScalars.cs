using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Inventories;

/// <summary>What a plain YAML word means to Ansible: YAML 1.1 as PyYAML reads it, where <c>yes</c> is true and <c>0777</c> is octal.</summary>
internal static partial class YamlScalars
{
    public static JsonNode? Resolve(string text)
    {
        if (IsNull(text))
        {
            return null;
        }

        if (text.Length == 0 || (!char.IsAsciiLetterOrDigit(text[0]) && !"+-.".Contains(text[0])))
        {
            return JsonValue.Create(text);
        }

        return TryBoolean(text) ?? TryInteger(text) ?? TryFloat(text) ?? JsonValue.Create(text);
    }

    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static JsonNode? TryBoolean(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => JsonValue.Create(true),
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ => null,
    };

    public static JsonNode? TryInteger(string text)
    {
        if (!Integer().IsMatch(text))
        {
            return null;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits[0] == '-';
        digits = digits.TrimStart('+', '-');
        var value = digits switch
        {
            _ when digits.Contains(':') => Sexagesimal(digits),
            ['0', 'b', ..] => InBase(digits.AsSpan(2), 2),
            ['0', 'x', ..] => InBase(digits.AsSpan(2), 16),
            ['0', _, ..] => InBase(digits.AsSpan(1), 8),
            _ => BigInteger.Parse(digits, CultureInfo.InvariantCulture),
        };
        return JsonNumbers.Of(negative ? -value : value);
    }

    public static JsonNode? TryFloat(string text)
    {
        if (!Float().IsMatch(text))
        {
            return null;
        }

        return double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
                ? JsonNumbers.Of(value)
                : null;
    }

    private static BigInteger InBase(ReadOnlySpan<char> digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        }

        return value;
    }

    private static BigInteger Sexagesimal(string digits) =>
        digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => sum * 60 + int.Parse(part, CultureInfo.InvariantCulture));

    // 1:30 is ninety to YAML 1.1; surprising, but it is what the playbook would see.
    [GeneratedRegex("^[-+]?(0b[01_]*[01]|0[0-7_]*|[1-9][0-9_]*|0x[0-9a-fA-F_]*[0-9a-fA-F]|[1-9][0-9_]{0,8}(:[0-5]?[0-9])+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();
}

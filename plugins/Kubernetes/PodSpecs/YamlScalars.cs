using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Gives a scalar the type that Kubernetes' own reading of YAML gives it: a quoted one is a text; <c>yes</c>, <c>on</c> and
/// <c>0644</c> are what YAML 1.1 makes of them; a date is a text.</summary>
internal static partial class YamlScalars
{
    private const string TagPrefix = "tag:yaml.org,2002:";
    private const int MaxDigits = 64;

    private static readonly string[] True = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];
    private static readonly string[] False = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"];
    private static readonly string[] Null = ["", "~", "null", "Null", "NULL"];
    private static readonly string[] NotFinite = [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN"];

    /// <exception cref="PodSpecException">Its tag is unknown or does not fit, or JSON has no such value.</exception>
    public static PodScalar Read(Scalar scalar, string origin, TextPlace place, string path)
    {
        var (kind, text) = Resolve(scalar, place, path);
        return new PodScalar(origin, place, kind, text);
    }

    private static (JsonValueKind Kind, string Text) Resolve(Scalar scalar, TextPlace place, string path)
    {
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? null : scalar.Tag.Value;
        if (tag == $"{TagPrefix}str" || (tag is null && (scalar.Style != ScalarStyle.Plain || scalar.Tag.IsNonSpecific && !scalar.Tag.IsEmpty)))
        {
            return (JsonValueKind.String, scalar.Value);
        }

        var plain = Plain(scalar.Value, place, path);
        var fits = tag is null || tag == TagPrefix + plain.Kind switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Null => "null",
            JsonValueKind.Number when BigInteger.TryParse(plain.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                && tag != $"{TagPrefix}float" => "int",
            JsonValueKind.Number => "float",
            _ => "str",
        };
        return fits ? plain : throw new PodSpecException(place, path, $"The tag {tag} can't be used for this value.");
    }

    private static (JsonValueKind Kind, string Text) Plain(string text, TextPlace place, string path)
    {
        if (Null.Contains(text))
        {
            return (JsonValueKind.Null, "");
        }

        if (True.Contains(text))
        {
            return (JsonValueKind.True, "true");
        }

        if (False.Contains(text))
        {
            return (JsonValueKind.False, "false");
        }

        if (NotFinite.Contains(text))
        {
            throw new PodSpecException(place, path, $"{text} is no number that JSON has; put it in quotes if a text is meant.");
        }

        return Number(text) is { } number ? (JsonValueKind.Number, number) : (JsonValueKind.String, text);
    }

    private static string? Number(string text)
    {
        if (text.Length > MaxDigits || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
        {
            return null;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(digits) is { } integer)
        {
            return integer >= long.MinValue && integer <= ulong.MaxValue
                ? integer.ToString(CultureInfo.InvariantCulture)
                : Float((double)integer);
        }

        return FloatForm().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Float(number)
            : null;
    }

    private static string? Float(double number) => double.IsFinite(number) ? JsonSerializer.Serialize(number) : null;

    private static BigInteger? Integer(string text)
    {
        var match = IntegerForm().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var digits = match.Groups["digits"].Value;
        var radix = match.Groups["prefix"].Value.ToLowerInvariant() switch { "0x" => 16, "0b" => 2, "0o" => 8, "0" => 8, _ => 10 };
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            var number = Convert.ToInt32(digit.ToString(), 16);
            if (number >= radix)
            {
                return null;
            }

            value = (value * radix) + number;
        }

        return match.Groups["sign"].Value == "-" ? -value : value;
    }

    [GeneratedRegex(@"\A(?<sign>[-+]?)(?<prefix>0[xX]|0[bB]|0[oO]|0(?=[0-9]))?(?<digits>[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerForm();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FloatForm();
}

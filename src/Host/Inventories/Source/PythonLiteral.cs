using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Inventories;

/// <summary>
/// The value of a variable in an INI inventory: Ansible takes it for a Python literal when it is one, and for plain text
/// otherwise. Literals that JSON can't hold, as complex numbers, stay text here.
/// </summary>
internal ref partial struct PythonLiteral
{
    private const int MaxDepth = 100;

    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonLiteral(string text) => _text = text;

    public static JsonNode? Read(string text)
    {
        var reader = new PythonLiteral(text);
        try
        {
            var value = reader.ReadAll();
            return value;
        }
        catch (FormatException)
        {
            return JsonValue.Create(text);
        }
    }

    private JsonNode? ReadAll()
    {
        SkipBlanks();
        var first = ReadValue();
        SkipBlanks();
        if (!TryTake(','))
        {
            RequireEnd();
            return first;
        }

        // 1, 2 is a tuple without its parentheses.
        var tuple = new JsonArray(first);
        SkipBlanks();
        while (!AtEnd())
        {
            tuple.Add(ReadValue());
            SkipBlanks();
            if (!TryTake(','))
            {
                RequireEnd();
            }

            SkipBlanks();
        }

        return tuple;
    }

    private JsonNode? ReadValue()
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException();
        }

        SkipBlanks();
        var value = Peek() switch
        {
            '[' => ReadList(']'),
            '(' => ReadParenthesised(),
            '{' => ReadBraced(),
            '\'' or '"' => ReadStrings(),
            '+' or '-' => ReadSigned(),
            '.' or (>= '0' and <= '9') => ReadNumber(false),
            _ => ReadWord(),
        };
        _depth--;
        return value;
    }

    private JsonArray ReadList(char close)
    {
        _at++;
        var list = new JsonArray();
        SkipBlanks();
        while (!TryTake(close))
        {
            list.Add(ReadValue());
            SkipBlanks();
            if (!TryTake(','))
            {
                Require(close);
                return list;
            }

            SkipBlanks();
        }

        return list;
    }

    private JsonNode? ReadParenthesised()
    {
        var start = ++_at;
        SkipBlanks();
        if (TryTake(')'))
        {
            return new JsonArray();
        }

        var first = ReadValue();
        SkipBlanks();
        if (TryTake(')'))
        {
            return first;
        }

        _at = start - 1;
        return ReadList(')');
    }

    private JsonNode ReadBraced()
    {
        var start = _at++;
        SkipBlanks();
        if (TryTake('}'))
        {
            return new JsonObject();
        }

        var key = ReadValue();
        SkipBlanks();
        if (Peek() != ':')
        {
            _at = start;
            var set = ReadList('}');
            // Only what Python can hash can be in a set.
            return set.All(IsHashable) ? set : throw new FormatException();
        }

        var mapping = new JsonObject();
        while (true)
        {
            Require(':');
            mapping[KeyOf(key)] = ReadValue();
            SkipBlanks();
            var more = TryTake(',');
            SkipBlanks();
            if (TryTake('}'))
            {
                return mapping;
            }

            key = more ? ReadValue() : throw new FormatException();
            SkipBlanks();
        }
    }

    private static bool IsHashable(JsonNode? node) => node is null or JsonValue;

    private static string KeyOf(JsonNode? key) => key switch
    {
        null => "null",
        JsonValue value => value.TryGetValue<string>(out var text) ? text : value.ToJsonString(),
        _ => throw new FormatException(),
    };

    private JsonNode ReadStrings()
    {
        var text = "";
        bool? isBytes = null;
        while (PythonString.TryRead(_text, ref _at, out var part, out var bytes))
        {
            // 'a' 'b' is one string; text and bytes don't mix.
            if (isBytes is not null && isBytes != bytes)
            {
                throw new FormatException();
            }

            isBytes = bytes;
            text += part;
            SkipBlanks();
        }

        return isBytes is null ? throw new FormatException() : JsonValue.Create(text);
    }

    private JsonNode ReadSigned()
    {
        var isNegative = _text[_at++] == '-';
        SkipBlanks();
        return ReadNumber(isNegative);
    }

    private JsonNode ReadNumber(bool isNegative)
    {
        var match = Number().Match(_text, _at);
        if (!match.Success || match.Index != _at)
        {
            throw new FormatException();
        }

        _at += match.Length;
        // 1x is no number followed by x.
        if (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
        {
            throw new FormatException();
        }

        var digits = match.Value.Replace("_", "", StringComparison.Ordinal);
        if (match.Groups["float"].Success)
        {
            var value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(value) ? JsonNumbers.Of(isNegative ? -value : value) : throw new FormatException();
        }

        var whole = WholeNumber(digits);
        return JsonNumbers.Of(isNegative ? -whole : whole);
    }

    private static BigInteger WholeNumber(string digits)
    {
        var radix = digits is ['0', var letter, ..] ? char.ToLowerInvariant(letter) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        return digits.Skip(radix == 10 ? 0 : 2).Aggregate(BigInteger.Zero, (sum, digit) => sum * radix + Convert.ToInt32(digit.ToString(), 16));
    }

    private JsonNode? ReadWord()
    {
        var match = Word().Match(_text, _at);
        if (match.Index == _at && PythonString.IsPrefix(match.Value) && _at + match.Length < _text.Length && _text[_at + match.Length] is '\'' or '"')
        {
            return ReadStrings();
        }

        _at += match.Length;
        return match.Value switch
        {
            "True" => JsonValue.Create(true),
            "False" => JsonValue.Create(false),
            "None" => null,
            _ => throw new FormatException(),
        };
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool TryTake(char c)
    {
        if (Peek() != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Require(char c)
    {
        SkipBlanks();
        if (!TryTake(c))
        {
            throw new FormatException();
        }
    }

    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\t' or '\f')
        {
            _at++;
        }
    }

    /// <summary>A comment may follow, as in any Python.</summary>
    private readonly bool AtEnd() => _at >= _text.Length || _text[_at] == '#';

    private readonly void RequireEnd()
    {
        if (!AtEnd() || _text.Contains('\0'))
        {
            throw new FormatException();
        }
    }

    [GeneratedRegex(
        @"\G(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
        + @"|(?<float>(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*[eE][+-]?[0-9](?:_?[0-9])*)"
        + @"|[1-9](?:_?[0-9])*|0(?:_?0)*)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\G[A-Za-z]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

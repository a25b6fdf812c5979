using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// The forms in which a secret may be printed: as it is, in base64, percent-encoded, quoted for a shell, and as a JSON or Python string,
/// the last also of every other form, since the events of Ansible are JSON that holds what tasks print, which may be JSON itself.
/// A secret of several lines is looked for line by line.
/// </summary>
internal static class SecretForms
{
    /// <summary>How often a text may have been put into JSON: by the program, by Ansible in its display, by the runner in its event.</summary>
    private const int JsonLevels = 3;

    /// <summary>In bytes. What is shorter stands everywhere by chance.</summary>
    private const int Shortest = 4;

    /// <summary>In characters. The middle of a short secret's base64 form says little and is found by chance.</summary>
    private const int ShortestBase64 = 6;

    /// <summary>In characters. Over line ends, shorter ones would be found by chance.</summary>
    private const int ShortestBroken = 8;

    private static readonly JsonSerializerOptions[] JsonWriters =
    [
        new() { Encoder = JavaScriptEncoder.Default }, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping },
    ];

    /// <summary>Every byte string to be masked, each once.</summary>
    public static IReadOnlyCollection<byte[]> Of(IEnumerable<ReadOnlyMemory<byte>> secrets)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in secrets.SelectMany(Lines))
        {
            foreach (var form in Plain(line).Concat(Base64(line)))
            {
                AddJson(forms, form);
            }
        }

        return [.. forms.Select(Encoding.UTF8.GetBytes).Where(form => form.Length >= Shortest)];
    }

    /// <summary>Those inside which a program may end its lines.</summary>
    public static IReadOnlyCollection<byte[]> BrokenOf(IEnumerable<ReadOnlyMemory<byte>> secrets) =>
        [.. secrets.SelectMany(Lines).SelectMany(Base64).Where(form => form.Length >= ShortestBroken).Distinct().Select(Encoding.UTF8.GetBytes)];

    /// <summary>The frame of a key in PEM form is no secret, and stands in logs for other reasons.</summary>
    private static IEnumerable<string> Lines(ReadOnlyMemory<byte> secret) => Encoding.UTF8.GetString(secret.Span)
        .Split('\n').Select(line => line.TrimEnd('\r'))
        .Where(line => Encoding.UTF8.GetByteCount(line) >= Shortest && !line.StartsWith("-----", StringComparison.Ordinal));

    private static IEnumerable<string> Plain(string text)
    {
        yield return text;
        var percent = Uri.EscapeDataString(text);
        yield return percent;
        yield return percent.Replace("%20", "+", StringComparison.Ordinal);
        yield return LowerHex(percent);
        // A path keeps its slashes, and Python's quote() does too.
        yield return percent.Replace("%2F", "/", StringComparison.Ordinal);
        yield return text.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return text.Replace("'", "'\"'\"'", StringComparison.Ordinal);
        yield return Backslashed(text, "\\\"$`");
        yield return Backslashed(text, " \t\\\"'$`&|;<>()[]{}*?!#~^=,");
        yield return Backslashed(text, "\\'");
    }

    /// <summary>Inside a longer text the secret may begin at each of three places of base64's groups; the characters at either end that
    /// also depend on its neighbours are left out.</summary>
    private static IEnumerable<string> Base64(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            var first = ((before * 8) + 5) / 6;
            var last = (before + bytes.Length) * 8 / 6;
            if (last - first >= ShortestBase64)
            {
                var core = encoded[first..last];
                yield return core;
                yield return core.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    private static void AddJson(HashSet<string> forms, string form)
    {
        var level = new HashSet<string>(StringComparer.Ordinal) { form };
        for (var i = 0; i <= JsonLevels && level.Count > 0; i++)
        {
            // What JSON leaves alone needs no further level.
            level = [.. level.Where(forms.Add).SelectMany(Json)];
        }
    }

    private static IEnumerable<string> Json(string text)
    {
        foreach (var writer in JsonWriters)
        {
            yield return JsonSerializer.Serialize(text, writer)[1..^1];
        }

        yield return PythonJson(text, asciiOnly: true);
        yield return PythonJson(text, asciiOnly: false);
    }

    /// <summary>As <c>json.dumps</c> writes it, which is what ansible-runner and Ansible do.</summary>
    private static string PythonJson(string text, bool asciiOnly)
    {
        var json = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            json.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)character:x4}",
                > '~' when asciiOnly => $"\\u{(int)character:x4}",
                _ => character.ToString(),
            });
        }

        return json.ToString();
    }

    private static string Backslashed(string text, string special) =>
        string.Concat(text.Select(character => special.Contains(character, StringComparison.Ordinal) ? $"\\{character}" : character.ToString()));

    private static string LowerHex(string percent)
    {
        var lower = percent.ToCharArray();
        for (var i = 0; i + 2 < lower.Length; i++)
        {
            if (lower[i] == '%')
            {
                lower[i + 1] = char.ToLowerInvariant(lower[i + 1]);
                lower[i + 2] = char.ToLowerInvariant(lower[i + 2]);
            }
        }

        return new string(lower);
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Cli;

/// <summary>
/// Host patterns of which Ansible said, somewhere among its output, that no host matches them: worth a sentence at the end, since
/// Ansible goes on, and calls that a success when the pattern was a play's.
/// </summary>
internal sealed partial class UnmatchedPatterns
{
    /// <summary>More than the warning is long, wherever a piece of the output ends.</summary>
    private const int Tail = 1024;

    private readonly AnsiStripper _stripper = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly List<string> _found = [];
    private string _tail = "";

    public IReadOnlyList<string> Found => _found;

    public void Read(ReadOnlySpan<byte> output)
    {
        var bytes = new byte[output.Length];
        var length = _stripper.Strip(output, bytes);
        var characters = new char[_decoder.GetCharCount(bytes.AsSpan(0, length), flush: false)];
        _decoder.GetChars(bytes.AsSpan(0, length), characters, flush: false);
        var text = _tail + new string(characters);
        foreach (Match match in Warning().Matches(text))
        {
            if (!_found.Contains(match.Groups[1].Value))
            {
                _found.Add(match.Groups[1].Value);
            }
        }

        _tail = text.Length > Tail ? text[^Tail..] : text;
    }

    // Ansible wraps its warnings, so that any space may be a line break; the last word is whole when something follows it.
    [GeneratedRegex(@"Could\s+not\s+match\s+supplied\s+host\s+pattern,\s+ignoring:\s+(\S+)\s")]
    private static partial Regex Warning();
}

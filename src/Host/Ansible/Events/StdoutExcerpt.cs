using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Ansible;

/// <summary>The beginning of what an event printed.</summary>
internal static partial class StdoutExcerpt
{
    /// <summary>AWX's EVENT_STDOUT_MAX_BYTES_DISPLAY.</summary>
    private const int MaxCharacters = 1024;

    private const string Reset = "\u001b[0m";

    public static string Of(string stdout)
    {
        if (stdout.Length <= MaxCharacters)
        {
            return stdout;
        }

        var length = char.IsHighSurrogate(stdout[MaxCharacters - 2]) ? MaxCharacters - 2 : MaxCharacters - 1;
        var start = stdout[..length];
        var open = Colour().Count(start) - (2 * Regex.Count(start, Regex.Escape(Reset)));
        return $"{start}…{string.Concat(Enumerable.Repeat(Reset, Math.Max(0, open)))}";
    }

    [GeneratedRegex("\u001b\\[[^m]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Inventories;

/// <summary>A host as it is written in an inventory: <c>web[01:10].example.org:2222</c> is ten hosts with one port.</summary>
internal static partial class HostPattern
{
    /// <summary>A slip of the finger in a range should not make a billion hosts.</summary>
    private const int MaxHosts = 100_000;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <exception cref="VariablesException">A range in it is none, or it ends like a port that is missing.</exception>
    public static (IReadOnlyList<string> Hosts, int? Port) Expand(string pattern, int line)
    {
        var (address, port) = Split(pattern, line);
        if (pattern.TrimEnd().EndsWith(':') && port is null)
        {
            throw new VariablesException($"the host \"{pattern}\" ends in a colon, after which a port is expected", line);
        }

        var hosts = new List<string>();
        ExpandRanges(address, pattern, hosts, line);
        return hosts.Contains("---")
            ? throw new VariablesException("--- begins a YAML file, but what follows is not YAML", line)
            : (hosts, port);
    }

    /// <summary>Takes the port off what is a host with a port; anything else, as an IPv6 address, is a name as a whole.</summary>
    private static (string Address, int? Port) Split(string pattern, int line)
    {
        var match = BracketedWithPort().Match(pattern) is { Success: true } bracketed ? bracketed : WithPort().Match(pattern);
        if (!match.Success || !IsAddress(match.Groups[1].Value))
        {
            return (pattern, null);
        }

        return int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? (match.Groups[1].Value, port)
            : throw new VariablesException($"{match.Groups[2].Value} is not a port", line);
    }

    private static bool IsAddress(string text) => Name().IsMatch(text) || IPv6().IsMatch(text);

    private static void ExpandRanges(string text, string pattern, List<string> hosts, int line)
    {
        var open = text.IndexOf('[');
        if (open < 0)
        {
            if (hosts.Count == MaxHosts)
            {
                throw new VariablesException($"\"{pattern}\" is more than {MaxHosts} hosts", line);
            }

            hosts.Add(text);
            return;
        }

        var close = text.IndexOf(']', open);
        if (close < 0)
        {
            throw new VariablesException($"the range in \"{pattern}\" has no closing bracket", line);
        }

        foreach (var value in Range(text[(open + 1)..close], pattern, line))
        {
            ExpandRanges(text[..open] + value + text[(close + 1)..], pattern, hosts, line);
        }
    }

    private static IEnumerable<string> Range(string range, string pattern, int line)
    {
        var bounds = range.Split(':');
        var step = 1;
        if (bounds.Length is not (2 or 3) || (bounds.Length == 3 && (!int.TryParse(bounds[2], NumberStyles.None, null, out step) || step == 0)))
        {
            throw new VariablesException($"the range [{range}] in \"{pattern}\" must be begin:end or begin:end:step", line);
        }

        var (begin, end) = (bounds[0].Length == 0 ? "0" : bounds[0], bounds[1]);
        if (begin.Length == 1 && end.Length == 1 && Letters.Contains(begin[0]) && Letters.Contains(end[0]))
        {
            return Numbers(Letters.IndexOf(begin[0]), Letters.IndexOf(end[0]), step, range, line).Select(i => Letters[i].ToString());
        }

        if (!int.TryParse(begin, NumberStyles.None, null, out var first) || !int.TryParse(end, NumberStyles.None, null, out var last))
        {
            throw new VariablesException($"the range [{range}] in \"{pattern}\" needs numbers, or single letters, as begin and end", line);
        }

        var isPadded = begin[0] == '0' && begin.Length > 1;
        if (isPadded && begin.Length != end.Length)
        {
            throw new VariablesException($"begin and end of the range [{range}] in \"{pattern}\" must have equally many digits", line);
        }

        var format = isPadded ? $"D{begin.Length}" : "D";
        return Numbers(first, last, step, range, line).Select(i => i.ToString(format, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<int> Numbers(int first, int last, int step, string range, int line)
    {
        if (first > last)
        {
            throw new VariablesException($"the range [{range}] begins after its end", line);
        }

        return Count();

        IEnumerable<int> Count()
        {
            for (long i = first; i <= last; i += step)
            {
                yield return (int)i;
            }
        }
    }

    [GeneratedRegex(@"^\[(.+)\]:([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedWithPort();

    [GeneratedRegex(@"^((?:[^:\[\]]|\[[^\]]*\])*):([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex WithPort();

    /// <summary>Labels of letters, digits, dashes, underscores and ranges, with dots between them.</summary>
    [GeneratedRegex(@"^(?:[\w]|\[[^\[\]]+\])(?:[\w-]|\[[^\[\]]+\])*(?<![_-])(?:\.(?:[\w]|\[[^\[\]]+\])(?:[\w-]|\[[^\[\]]+\])*(?<![_-]))*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?=.*::|(?:[^:]*:){7})[0-9a-fA-F:.]+$", RegexOptions.CultureInvariant)]
    private static partial Regex IPv6();
}

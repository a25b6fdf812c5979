using System.Globalization;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Ansible;

/// <summary>Finds in what Ansible printed, colours taken out, why it did nothing or stopped, and says it in one sentence.</summary>
internal static partial class AnsibleErrors
{
    private const int LongestMessage = 300;

    /// <summary>Why a run that ended well ran nothing; null when it did run something.</summary>
    public static string? NothingRun(string text)
    {
        var said = NoHostsMatched().Match(text);
        if (!said.Success)
        {
            return null;
        }

        var patterns = UnmatchedPattern().Matches(text).Select(match => $"\"{match.Groups[1].Value}\"").Distinct().ToList();
        return patterns.Count == 0
            ? said.Groups["module"].Success
                ? "The inventory has no host to run on, so nothing was run."
                : "The plays of the playbook match no host of the inventory, so nothing was run."
            : $"No host of the inventory matches {string.Join(", ", patterns)}, so nothing was run.";
    }

    /// <summary>Why a run stopped before or beside its tasks; null when Ansible said no error of its own.</summary>
    public static string? Stopped(string text, string limit)
    {
        var start = LastError(text);
        if (start < 0)
        {
            return null;
        }

        var error = text[start..];
        if (MissingPlaybook().Match(error) is { Success: true } missing)
        {
            return $"The playbook \"{missing.Groups[1].Value}\" does not exist in the project.";
        }

        if (NoHostsLeft().IsMatch(error))
        {
            return limit.Length > 0
                ? $"No host of the inventory matches the limit \"{limit}\"."
                : "The inventory has no host to run on.";
        }

        if (MissingFile().Match(error) is { Success: true } file)
        {
            return $"Ansible could not find {InProject(file.Groups[1].Value)}.";
        }

        if (MissingRole().Match(error) is { Success: true } role)
        {
            return $"The role \"{role.Groups[1].Value}\" was not found{At(error)}.";
        }

        return (InvalidYaml().Match(error) is { Success: true } yaml ? NotYaml(yaml.Groups[1].Value, error) : null) ?? Other(error);
    }

    /// <summary>The first line of a message, short enough for a sentence, without its own full stop.</summary>
    public static string FirstLine(string message)
    {
        var line = message.TrimStart().Split('\n', 2)[0].TrimEnd().TrimEnd('.');
        line = TheErrorWas().Match(line) is { Success: true } inner ? inner.Groups[1].Value : line;
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }

    private static string? NotYaml(string problem, string error)
    {
        var place = Place().Match(error);
        return !place.Success ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{InProject(place.Groups["file"].Value)} is not valid YAML: {FirstLine(problem)} (line {place.Groups["line"].Value}, column {place.Groups["column"].Value}).");
    }

    private static string Other(string error)
    {
        var message = InProject(FirstLine(ErrorMark().Replace(error, "", 1)));
        return $"Ansible stopped: {message}{At(error)}.";
    }

    private static string At(string error) => Place().Match(error) is { Success: true } place
        ? $" ({InProject(place.Groups["file"].Value)}, line {place.Groups["line"].Value})"
        : "";

    private static int LastError(string text) => ErrorMark().Matches(text) is { Count: > 0 } marks ? marks[^1].Index : -1;

    /// <summary>Paths as the project knows them: where it lies in the environment says nothing to anybody.</summary>
    private static string InProject(string text) => ProjectDirectory().Replace(text, "");

    [GeneratedRegex(@"skipping: no hosts matched|(?<module>No hosts\s+matched,\s+nothing\s+to\s+do)", RegexOptions.CultureInvariant)]
    private static partial Regex NoHostsMatched();

    [GeneratedRegex(@"Could not match supplied host pattern, ignoring:\s+(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex UnmatchedPattern();

    [GeneratedRegex(@"^\s*(?:ERROR!|\[ERROR\]:) ", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ErrorMark();

    [GeneratedRegex(@"the playbook: (.+?) could not be found", RegexOptions.CultureInvariant)]
    private static partial Regex MissingPlaybook();

    [GeneratedRegex(@"leaves us with no\s+hosts to target|--limit does not match any\s+hosts", RegexOptions.CultureInvariant)]
    private static partial Regex NoHostsLeft();

    [GeneratedRegex(@"Could not find or access\s+'([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex MissingFile();

    [GeneratedRegex(@"the role '([^']+)' was not found", RegexOptions.CultureInvariant)]
    private static partial Regex MissingRole();

    [GeneratedRegex(@"(?:Syntax Error while loading YAML\.|YAML parsing failed:)\s+(.+)", RegexOptions.CultureInvariant)]
    private static partial Regex InvalidYaml();

    [GeneratedRegex(
        @"The error appears to be in '(?<file>[^']+)': line (?<line>\d+), column (?<column>\d+)|Origin: (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"(?<![\w.])/[^\s'"":]*/project/", RegexOptions.CultureInvariant)]
    private static partial Regex ProjectDirectory();

    [GeneratedRegex(@"The error was: (.+?)(?:\. |$)", RegexOptions.CultureInvariant)]
    private static partial Regex TheErrorWas();
}

using System.Globalization;
using System.Text.RegularExpressions;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>
/// What AWX answers to what, in text files, a section of its API each. A row is a heading with the row's number, then requests, each with
/// the status that has to come and, indented, what has to be in the answer.
/// </summary>
/// <remarks>
/// <code>
/// ## 5-20 duplicate name
/// POST instance_groups/ {"name":"&lt;u&gt;"} => 201
///   id -> group
/// @bob POST instance_groups/ {"name":"&lt;u&gt;"} => 400
///   name = ["Instance group with this Name already exists."]
/// </code>
/// <c>&lt;u&gt;</c> is a text that no other row has, <c>&lt;x251&gt;</c> one of 251 characters. Rows under <c>## setup</c> run once, and what they keep is known to all rows.
/// </remarks>
internal static partial class AwxTable
{
    public const string Setup = "setup";

    private static readonly Lazy<IReadOnlyList<AwxRow>> AllRows = new(() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests/Host.ApiTests/Awx/Tables"), "*.txt").Order(StringComparer.Ordinal).SelectMany(Read)]);

    public static IReadOnlyList<AwxRow> Rows => AllRows.Value;

    internal static IEnumerable<AwxRow> Read(string file)
    {
        AwxRow? row = null;
        foreach (var (line, number) in File.ReadLines(file).Select((line, i) => (line.TrimEnd(), i + 1)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                if (row is not null)
                {
                    yield return row;
                }

                row = new AwxRow(line[3..]);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                Add(row ?? throw new FormatException($"{file}:{number} stands before any row."), line, $"{Path.GetFileName(file)}:{number}");
            }
        }

        if (row is not null)
        {
            yield return row;
        }
    }

    private static void Add(AwxRow row, string line, string place)
    {
        if (line.StartsWith("  ", StringComparison.Ordinal))
        {
            row.Steps[^1].Checks.Add(Check().Match(line) is { Success: true } check
                ? new AwxCheck(check.Groups[1].Value, check.Groups[2].Value, check.Groups[3].Value)
                : throw new FormatException($"{place} is no check: {line}"));
            return;
        }

        var match = Step().Match(line);
        row.Steps.Add(match.Success
            ? new AwxStep(
                place, match.Groups["caller"].Value, match.Groups["method"].Value, match.Groups["path"].Value,
                match.Groups["header"].Success ? (match.Groups["header"].Value, match.Groups["value"].Value) : null,
                match.Groups["body"].Success ? match.Groups["body"].Value : null,
                int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture))
            : throw new FormatException($"{place} is no request: {line}"));
    }

    [GeneratedRegex("""^(?:@(?<caller>\S+) )?(?<method>[A-Z]+) (?<path>\S+)(?: \[(?<header>[\w-]+): (?<value>[^\]]+)\])?(?: (?<body>.*?))? => (?<status>\d+)$""")]
    private static partial Regex Step();

    [GeneratedRegex(@"^\s+(\S+) (=|~|->|has|lacks|keys\+|keys|count|is)(?: (.*))?$")]
    private static partial Regex Check();
}

/// <summary>A row: its number, what it is about, and its requests.</summary>
internal sealed record AwxRow(string Name)
{
    public List<AwxStep> Steps { get; } = [];

    public override string ToString() => Name;
}

/// <summary>One request, and the status that has to come.</summary>
internal sealed record AwxStep(string Place, string Caller, string Method, string Path, (string Name, string Value)? Header, string? Body, int Status)
{
    public List<AwxCheck> Checks { get; } = [];
}

/// <summary>Something that has to be in an answer.</summary>
/// <param name="Path">Where in the answer, members and positions divided by dots; <c>*</c> for every item.</param>
/// <param name="Verb">How it is compared.</param>
/// <param name="Value">With what.</param>
internal sealed record AwxCheck(string Path, string Verb, string Value);

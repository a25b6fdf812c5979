using System.Globalization;
using System.Text.RegularExpressions;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>
/// <c>docs/awx-coverage.md</c> lists every row of AWX's API that names a request and an answer, and what shows that it holds here: a row of
/// the tables, a test of its own, or a difference on purpose with the test of what is done instead.
/// </summary>
internal sealed partial class AwxCoverageTests
{
    private static readonly Lazy<IReadOnlyList<(string Number, string By)>> ListedRows = new(() =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs/awx-coverage.md")).Select(line => Listed().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))]);

    private static readonly Lazy<HashSet<string>> TableRows = new(() => [.. AwxTable.Rows.SelectMany(row => NumbersOf(row.Name))]);

    private static readonly Lazy<HashSet<string>> Methods = new(() => [.. Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .SelectMany(file => Method().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}"))]);

    [Test]
    public void EveryRow_IsListedOnce()
    {
        var twice = ListedRows.Value.GroupBy(row => row.Number).Where(same => same.Count() > 1).Select(same => same.Key);

        Assert.That(twice, Is.Empty);
        Assert.That(ListedRows.Value, Has.Count.GreaterThan(400));
    }

    [Test]
    public void EveryRow_NamesWhatShowsIt_AndThatIsThere()
    {
        var differences = File.ReadAllText(Path.Combine(Repository.Root, "docs/awx-differences.md"));
        var wrong = ListedRows.Value.Where(row => !IsThere(row.Number, row.By, differences)).Select(row => $"{row.Number}: {row.By}").ToList();

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void EveryRowOfTheTables_IsListed()
    {
        var listed = ListedRows.Value.Select(row => row.Number).ToHashSet();

        Assert.That(TableRows.Value.Except(listed), Is.Empty);
        Assert.That(AwxTable.Rows.Where(row => row.Name != AwxTable.Setup && !NumbersOf(row.Name).Any()).Select(row => row.Name), Is.Empty);
    }

    private static bool IsThere(string number, string by, string differences)
    {
        if (Difference().Match(by) is { Success: true } difference)
        {
            return differences.Contains($"\n| {difference.Groups[1].Value}", StringComparison.Ordinal) && IsThere(number, difference.Groups[2].Value, differences);
        }

        return by switch
        {
            "table" => TableRows.Value.Contains(number),
            _ when by.StartsWith("row ", StringComparison.Ordinal) => TableRows.Value.Contains(by[4..]),
            _ => Methods.Value.Contains(by),
        };
    }

    /// <summary>The numbers that a heading begins with: one, two joined by <c>and</c>, or all from one <c>to</c> another.</summary>
    private static IEnumerable<string> NumbersOf(string heading)
    {
        var match = Numbers().Match(heading);
        if (!match.Success)
        {
            return [];
        }

        var first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        var last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture) : first;
        return match.Groups["joint"].Value == "and" ? [Of(first), Of(last)] : Enumerable.Range(first, last - first + 1).Select(Of);

        string Of(int row) => string.Create(CultureInfo.InvariantCulture, $"{match.Groups["section"].Value}-{row}");
    }

    [GeneratedRegex(@"^\| (\d+(?:\.\d+)?-\d+) \| [^|]+ \| (.+?) \|$")]
    private static partial Regex Listed();

    [GeneratedRegex(@"^differs \((.+)\): (.+)$")]
    private static partial Regex Difference();

    [GeneratedRegex(@"(?:public|internal) (?:async )?(?:Task|void)(?:<\w+>)? (\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"^(?<section>\d+(?:\.\d+)?)-(?<first>\d+)(?: (?<joint>to|and) \k<section>-(?<last>\d+))? ")]
    private static partial Regex Numbers();
}

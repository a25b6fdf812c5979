namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>
/// A query and its answer, from <c>Queries/*.txt</c>: a line is a URL, two spaces or more, "=&gt;", and what comes back: ids in their
/// order ("-" for none), JSON of what is in <c>value</c> or of an object, a text in quotes, or a status with a word of its message.
/// </summary>
internal sealed record QueryCase(string File, int Line, string Url, string Expected)
{
    public override string ToString() => $"{File}:{Line} {Url}";
}

internal static class QueryTable
{
    public static IEnumerable<TestCaseData> All()
    {
        var directory = Path.Combine(ContainerGroups.Tests.Shared.Repository.Root, "tests/Host.ApiTests/OData/Queries");
        foreach (var path in Directory.GetFiles(directory, "*.txt").Order(StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(path);
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > 0 && !lines[i].StartsWith('#'))
                {
                    var parts = lines[i].Split("=>", 2);
                    var query = new QueryCase(Path.GetFileNameWithoutExtension(path), i + 1, parts[0].Trim(), parts[1].Trim());
                    yield return new TestCaseData(query).SetArgDisplayNames(query.ToString());
                }
            }
        }
    }

    /// <summary>What a client's own library does to a URL that a person wrote; what is escaped already stays.</summary>
    public static string Escaped(string url) => url.Replace(" ", "%20", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);
}

using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Whatever a client sends, the answer is never that the server failed.</summary>
internal sealed class ODataFuzzTests(DatabaseKind kind) : ODataFixture(kind)
{
    private const int Rounds = 1500;

    private static readonly string[] Tokens =
    [
        "Id", "Name", "Started", "ElapsedSeconds", "Failed", "ExitCode", "Uuid", "JobTemplate", "JobTemplate/Name", "Events", "Events/any(e:e/Failed)", "Events/$count",
        "'x'", "''", "'''", "null", "true", "1", "-1", "0", "1.5", "9223372036854775807", "1e308", "INF", "NaN", "2026-01-01", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "duration'P1D'", "duration'P99999999D'", "00000000-0000-0000-0000-000000000000", "12:00:00", "@a", "$it", "$this", "$root",
        "eq", "ne", "gt", "le", "and", "or", "not", "add", "sub", "mul", "div", "mod", "has", "in", "(", ")", "()", ",", "/", ":", ";", "=", "-",
        "contains(", "startswith(", "length(", "substring(", "indexof(", "concat(", "year(", "date(", "now()", "cast(", "isof(", "round(", "totalseconds(", "Edm.String",
        "groupby((", "aggregate(", "filter(", "compute(", "with sum as S", "with max as M", "as N", "$count", "desc", "asc", "*", "$select=", "$expand=", "$top=1", "any(", "all(", "x:",
        "%00", "%F0%9F%92%A5", "%C3%28", "%", "%25", "%27", "+", "\"", "AND", "NOT", "OR",
    ];

    private static readonly string[] Options =
        ["$filter", "$orderby", "$select", "$expand", "$apply", "$compute", "$search", "$top", "$skip", "$count", "$skiptoken", "$format", "@a", "filter", "$id", "$levels"];

    [Test]
    public Task AnyTokens_AreAnsweredOrRefused()
    {
        var random = new Random(5);
        return CheckAsync(_ =>
        {
            var options = Enumerable.Range(0, random.Next(1, 3)).Select(_ =>
                $"{Pick(random, Options)}={string.Join(random.Next(4) == 0 ? "" : "%20", Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pick(random, Tokens)))}");
            return $"{Pick(random, ["Jobs", "Jobs(1)/Events", "Instances", "Jobs/$count", "JobTemplates(501)"])}?{string.Join('&', options)}";
        });
    }

    [Test]
    public Task AnyQueryOfTheGrammar_IsAnsweredOrRefused()
    {
        var queries = new RandomQuery(new Random(7));
        return CheckAsync(_ => QueryTable.Escaped(queries.Next()));
    }

    [Test]
    public Task AnyChange_OfARightQuery_IsAnsweredOrRefused()
    {
        var random = new Random(6);
        var queries = QueryTable.All().Select(data => ((QueryCase)data.Arguments[0]!).Url).ToList();
        return CheckAsync(_ =>
        {
            var url = new StringBuilder(queries[random.Next(queries.Count)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                Change(random, url);
            }

            return url.Replace(" ", "%20").ToString();
        });
    }

    [TestCase("(", ")")]
    [TestCase("not ", "")]
    [TestCase("-", "")]
    [TestCase("tolower(", ")")]
    public async Task Depth_WithoutEnd_IsRefused(string open, string close)
    {
        var filter = string.Concat(Enumerable.Repeat(open, 1200)) + "Name eq 'x'" + string.Concat(Enumerable.Repeat(close, 1200));

        var answer = await AskAsync($"Jobs?$filter={Uri.EscapeDataString(filter)}");

        Assert.That((int)answer.Status, Is.EqualTo(400).Or.EqualTo(414), answer.Text);
    }

    private static void Change(Random random, StringBuilder url)
    {
        var at = random.Next(url.Length);
        switch (random.Next(3))
        {
            case 0:
                url.Remove(at, Math.Min(random.Next(1, 5), url.Length - at));
                break;
            case 1:
                url.Insert(at, Pick(random, Tokens));
                break;
            default:
                url[at] = "()',$/=;&@*-0aZ"[random.Next(15)];
                break;
        }
    }

    /// <summary>Asks them all, several at a time.</summary>
    private async Task CheckAsync(Func<int, string> query)
    {
        var urls = Enumerable.Range(0, Rounds).Select(query).ToList();
        await Parallel.ForEachAsync(urls, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (url, _) =>
        {
            // What a client can't send says nothing about the server.
            if (Uri.TryCreate(Server.Address, "/odata/" + url, out Uri? _))
            {
                var answer = await AskAsync(url);
                Assert.That((int)answer.Status, Is.LessThan(500).Or.EqualTo(501), $"{url}\n{answer.Text}");
            }
        });
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

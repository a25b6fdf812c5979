using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.OData;

/// <summary>Whatever a client sends, the answer is never that the server failed.</summary>
internal sealed class ODataFuzzTests(DatabaseKind kind) : ODataFixture(kind)
{
    private const int Rounds = 200;

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
    public async Task AnyQuery_IsAnsweredOrRefused()
    {
        var random = new Random(5);
        for (var i = 0; i < Rounds; i++)
        {
            var options = Enumerable.Range(0, random.Next(1, 3)).Select(_ =>
                $"{Pick(random, Options)}={string.Join(random.Next(4) == 0 ? "" : "%20", Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pick(random, Tokens)))}");
            await CheckAsync($"{Pick(random, ["Jobs", "Jobs(1)/Events", "Instances", "Jobs/$count", "JobTemplates(501)"])}?{string.Join('&', options)}");
        }
    }

    [Test]
    public async Task AnyChange_OfARightQuery_IsAnsweredOrRefused()
    {
        var random = new Random(6);
        var queries = QueryTable.All().Select(data => ((QueryCase)data.Arguments[0]!).Url).ToList();
        for (var i = 0; i < Rounds; i++)
        {
            var url = new StringBuilder(queries[random.Next(queries.Count)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                Change(random, url);
            }

            await CheckAsync(url.Replace(" ", "%20").ToString());
        }
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

    private async Task CheckAsync(string url)
    {
        // What a client can't send says nothing about the server.
        if (!Uri.TryCreate(Server.Address, "/odata/" + url, out _))
        {
            return;
        }

        var answer = await AskAsync(url);
        Assert.That((int)answer.Status, Is.LessThan(500).Or.EqualTo(501), $"{url}\n{answer.Text}");
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

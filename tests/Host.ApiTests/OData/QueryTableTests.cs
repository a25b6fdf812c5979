using System.Globalization;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Every query of the table gives the answer that was worked out by hand, on both databases.</summary>
internal sealed class QueryTableTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCaseSource(typeof(QueryTable), nameof(QueryTable.All))]
    public async Task Query_GivesItsAnswer(QueryCase query)
    {
        var answer = await AskAsync(QueryTable.Escaped(query.Url));

        // The second time the same question is answered by what it came to the first time.
        var again = await AskAsync(QueryTable.Escaped(query.Url));
        Assert.That(again.Text, Is.EqualTo(answer.Text));
        Assert.That(Shown(answer, query.Expected), Is.EqualTo(Normal(query.Expected)), answer.Text);
    }

    private static string Shown(ApiAnswer answer, string expected)
    {
        var status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        if (expected == status || expected.StartsWith(status + " ", StringComparison.Ordinal))
        {
            var word = expected.Length > 4 ? expected[4..] : "";
            return answer.Text.Contains(word, StringComparison.Ordinal) ? expected : $"{status} {answer.Text}";
        }

        if (answer.Status != System.Net.HttpStatusCode.OK)
        {
            return $"{status} {answer.Text}";
        }

        if (expected.StartsWith('"'))
        {
            return $"\"{answer.Text}\"";
        }

        var value = answer.Json["value"];
        var isIds = expected == "-" || expected.All(c => char.IsDigit(c) || c is ',' or ' ');
        return isIds && value is JsonArray rows
            ? rows.Count == 0 ? "-" : string.Join(',', rows.Select(row => row!["Id"]!.ToString()))
            : Sorted(Bare(value is JsonArray && expected.StartsWith('[') ? value : answer.Json))!.ToJsonString(Relaxed);
    }

    private static string Normal(string expected) => expected switch
    {
        _ when expected.StartsWith('[') || expected.StartsWith('{') => Sorted(JsonNode.Parse(expected))!.ToJsonString(Relaxed),
        _ when char.IsDigit(expected[0]) && expected.Contains(',', StringComparison.Ordinal) => expected.Replace(" ", "", StringComparison.Ordinal),
        _ => expected,
    };

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The order of members says nothing.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Without what OData says about it, but for counts.</summary>
    private static JsonNode Bare(JsonNode node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var name in o.Select(pair => pair.Key).Where(name => name.Contains('@', StringComparison.Ordinal) && !name.EndsWith("count", StringComparison.Ordinal)).ToList())
                {
                    o.Remove(name);
                }

                foreach (var (_, child) in o.Where(pair => pair.Value is not null).ToList())
                {
                    Bare(child!);
                }

                break;
            case JsonArray a:
                foreach (var child in a.Where(child => child is not null))
                {
                    Bare(child!);
                }

                break;
        }

        return node;
    }
}

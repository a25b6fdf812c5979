using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>
/// Bodies that are wrong in every way that a description tells, for every resource that the root leads to: each wrong field is named, and
/// nothing is stored. A resource that is added is covered without a word here.
/// </summary>
internal sealed class BodyFuzzTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Text = "string";

    /// <summary>A value, and the types of fields for which it is wrong.</summary>
    private static readonly (string Name, string Json, string[] Types)[] WrongValues =
    [
        ("object", "{}", [Text, "integer", "boolean", "id", "choice", "decimal", "datetime"]),
        ("list", "[{}]", [Text, "integer", "boolean", "id", "choice", "decimal", "datetime", "list"]),
        ("truth", "true", [Text, "integer", "id", "choice", "datetime", "list"]),
        ("word", "\"no such thing\"", ["integer", "boolean", "id", "choice", "decimal", "datetime", "list"]),
        ("fraction", "1.5", ["integer", "boolean", "id", "choice", "datetime", "list"]),
        ("number beyond all", "99999999999999999999999", ["integer", "id", "choice", "datetime", "list"]),
        ("nothing there", "987654321", ["id", "choice"]),
        ("null character", "\"a\\u0000b\"", [Text, "integer", "boolean", "id", "choice", "decimal", "datetime"]),
        ("long text", $"\"{new string('x', 300_000)}\"", ["limited", "integer", "boolean", "id", "choice", "decimal", "datetime"]),
    ];

    private static readonly string Deep = new string('[', 3000) + new string(']', 3000);

    [OneTimeSetUp]
    public Task FillAsync() => SampleRows.InsertAsync(Server, 2);

    [Test]
    public async Task AnyBody_IsRefusedWithAReason_OrStored()
    {
        var tried = 0;
        foreach (var list in await ListsAsync("POST"))
        {
            var before = await CountAsync(list.Url);
            foreach (var (name, json, types) in WrongValues)
            {
                tried += await TryAsync(HttpMethod.Post, list, name, json, types) ? 1 : 0;
            }

            await TryBrokenAsync(HttpMethod.Post, list.Url, list.Fields.First().Key);
            Assert.That(await CountAsync(list.Url), Is.EqualTo(before), $"{list.Url}: something was stored");

            // Null may be no value, or a legal one: a reason then, or an object, and never a fault of the server.
            var answer = await Admin.PostAsync(list.Url, Body(list.Fields.Select(field => field.Key), "null"));
            Assert.That((int)answer.Status, Is.LessThan(500), $"{list.Url}\n{answer.Text}");
        }

        Assert.That(tried, Is.GreaterThan(80));
    }

    [Test]
    public async Task AnyChange_IsRefusedWithAReason_AndChangesNothing()
    {
        var tried = 0;
        foreach (var list in await ListsAsync("GET"))
        {
            if ((await Admin.GetAsync($"{list.Url}?page_size=200"))["results"]!.AsArray().LastOrDefault(row => row!["url"] is not null) is not { } row)
            {
                continue;
            }

            var url = row["url"]!.ToString();
            if ((await Admin.OptionsAsync(url))["actions"]?["PUT"] is not JsonObject { Count: > 0 } fields)
            {
                continue;
            }

            var before = Unmoved(await Admin.GetAsync(url));
            foreach (var (name, json, types) in WrongValues)
            {
                tried += await TryAsync(HttpMethod.Patch, (url, fields), name, json, types) ? 1 : 0;
            }

            await TryBrokenAsync(HttpMethod.Patch, url, fields.First().Key);
            Assert.That(Unmoved(await Admin.GetAsync(url)), Is.EqualTo(before), url);
        }

        Assert.That(tried, Is.GreaterThan(70));
    }

    [Test]
    public async Task AnyAssociation_IsRefusedWithAReason()
    {
        var tried = new HashSet<string>();
        foreach (var list in await ListsAsync("GET"))
        {
            var row = (await Admin.GetAsync($"{list.Url}?page_size=200"))["results"]!.AsArray().LastOrDefault(row => row!["related"] is JsonObject);
            foreach (var link in row?["related"]!.AsObject().Select(pair => pair.Value!.ToString()) ?? [])
            {
                var options = await Admin.OptionsAsync(link);
                if (options.Text.Length > 0 && options["actions"]?["POST"] is JsonObject { Count: 1 } fields && fields.ContainsKey("id") && tried.Add(link))
                {
                    await RefuseAsync(link);
                }
            }
        }

        Assert.That(tried, Has.Count.GreaterThan(5));
    }

    private async Task RefuseAsync(string link)
    {
        foreach (var id in (string[])["\"x\"", "{}", "[1]", "1.5", "true", "99999999999999999999999", "987654321", "-1"])
        {
            foreach (var more in (string[])["", ",\"disassociate\":true"])
            {
                var answer = await Admin.PostAsync(link, $"{{\"id\":{id}{more}}}");
                Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), $"{link} {id}{more}\n{answer.Text}");
                Assert.That(answer.Json.AsObject().Select(pair => pair.Key), Is.SubsetOf(new[] { "msg", "detail" }), link);
            }
        }

        await TryBrokenAsync(HttpMethod.Post, link, "id");
    }

    /// <summary>One body in which every field for which the value is wrong has it; false when there is none.</summary>
    private async Task<bool> TryAsync(HttpMethod method, (string Url, JsonObject Fields) target, string name, string json, string[] types)
    {
        var wrong = target.Fields.Where(field => types.Contains(TypeOf(field.Value!)) || (types.Contains("limited") && IsLimited(field.Value!)))
            .Select(field => field.Key).ToList();
        if (wrong.Count == 0)
        {
            return false;
        }

        var unnamed = await SendWrongAsync(method, target.Url, name, json, wrong);

        // Of fields that stand for one another only one counts: the others are told when they are alone.
        if (unnamed.Count > 0 && unnamed.Count < wrong.Count)
        {
            unnamed = await SendWrongAsync(method, target.Url, name, json, unnamed);
        }

        Assert.That(unnamed, Is.Empty, $"{method} {target.Url} with {name}");
        return true;
    }

    /// <summary>The fields that the answer does not name.</summary>
    private async Task<IReadOnlyList<string>> SendWrongAsync(HttpMethod method, string url, string name, string json, IReadOnlyList<string> wrong)
    {
        var answer = await Admin.SendAsync(method, url, Body(wrong, json));

        // What nobody may change answers so whatever the body says.
        if (answer.Status == HttpStatusCode.Forbidden)
        {
            return [];
        }

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), $"{method} {url} with {name} for {string.Join(", ", wrong)}\n{answer.Text}");
        return [.. wrong.Except(answer.Json.AsObject().Select(error => error.Key))];
    }

    /// <summary>Bodies that can't be read at all.</summary>
    private async Task TryBrokenAsync(HttpMethod method, string url, string field)
    {
        byte[][] bodies =
        [
            Encoding.UTF8.GetBytes($"{{\"{field}\":{Deep}}}"),
            Encoding.UTF8.GetBytes($"{{\"{field}\":1,\"{field}\":1}}"),
            Encoding.UTF8.GetBytes($"{{\"{field}\":\"\\ud800\"}}"),
            [.. Encoding.UTF8.GetBytes($"{{\"{field}\":\""), 0xC3, 0x28, .. "\"}"u8],
            [.. Encoding.UTF8.GetBytes($"{{\"{field}\":")],
        ];
        foreach (var body in bodies)
        {
            var answer = await Admin.SendAsync(method, url, body, "application/json");
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), $"{method} {url}\n{answer.Text}");
            Assert.That(answer["detail"]!.ToString(), Does.StartWith("JSON parse error - "), url);
        }
    }

    /// <summary>The lists that allow a method, with the fields of its bodies.</summary>
    private async Task<IReadOnlyList<(string Url, JsonObject Fields)>> ListsAsync(string method)
    {
        var lists = new List<(string, JsonObject)>();
        foreach (var (_, url) in (await Admin.GetAsync("/api/v2/")).Json.AsObject())
        {
            var options = await Admin.OptionsAsync(url!.ToString());
            if (options.Text.Length > 0 && options["max_page_size"] is not null && options["actions"]?[method] is JsonObject { Count: > 0 } fields)
            {
                lists.Add((url.ToString(), fields));
            }
        }

        Assert.That(lists, Has.Count.GreaterThan(9));
        return lists;
    }

    private async Task<int> CountAsync(string url) => (int)(await Admin.GetAsync(url))["count"]!;

    private static string TypeOf(JsonNode field) => field["type"]!.ToString() switch
    {
        "json" when field["child"] is not null => "list",
        var type => type,
    };

    private static bool IsLimited(JsonNode field) => TypeOf(field) == Text && field["max_length"] is not null;

    private static string Body(IEnumerable<string> fields, string json) => $"{{{string.Join(',', fields.Select(field => $"\"{field}\":{json}"))}}}";

    /// <summary>What only a change changes: an instance reports, a job's time runs.</summary>
    private static string Unmoved(ApiAnswer answer)
    {
        var row = answer.Json.AsObject();
        foreach (var moving in (string[])["related", "summary_fields", "last_seen", "elapsed", "status", "capacity", "errors", "last_login"])
        {
            row.Remove(moving);
        }

        return row.ToJsonString();
    }
}

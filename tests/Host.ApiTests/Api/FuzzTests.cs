using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>Whatever a client sends, the answer is never that the server failed.</summary>
internal sealed class FuzzTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const int Rounds = 120;

    private static readonly string[] Words =
    [
        "name", "id", "pk", "organization", "teams", "users", "created_by", "instances", "rampart_groups", "hostname", "max_hosts", "created",
        "uuid", "is_superuser", "capacity_adjustment", "cpu", "search", "isnull", "in", "exact", "iexact", "contains", "icontains",
        "startswith", "regex", "iregex", "gt", "lte", "not", "or", "chain", "int", "policy_instance_list", "node_type", "last_seen", "", "_", "ä",
    ];

    private static readonly string[] Values =
    [
        "", "1", "-1", "0", "99999999999999999999", "1.5", "true", "none", "null", "x", "x,1", ",", "2026-01-01", "2026-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00", "(", "[a-", "a{1000}", "%", "_", "\\", "'", "\"", "\0", "ÄÖ", "💥", "\ud800", "*", "(?<x>a)", "[[:alpha:]]", "$$", "{}", "NaN",
        "Infinity", "--", ";drop table x", "00000000-0000-0000-0000-000000000000", "last",
    ];

    private static readonly string[] JsonValues =
    [
        "null", "true", "0", "1", "-1", "1e400", "1e-400", "99999999999999999999999", "1.5", "\"\"", "\"x\"", "\"1\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "[1]",
        "[\"a\",\"a\"]", "{}", "{\"a\":{\"b\":[]}}", "\"a: [b\"", "\"a: b\"", "\"- 1\"", "\"&a [*a]\"", "\"127.0.0.1\"", "\"💥\"",
    ];

    [Test]
    public async Task AnyQuery_IsAnsweredOrRefused()
    {
        var random = new Random(1);
        foreach (var url in await ListsAsync())
        {
            var own = (await Admin.OptionsAsync(url))["actions"]!["GET"]!.AsObject().Select(pair => pair.Key).ToArray();
            for (var i = 0; i < Rounds; i++)
            {
                var query = string.Join('&', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term(random, own)));
                var answer = await Admin.GetAsync($"{url}?{query}");
                Assert.That((int)answer.Status, Is.LessThan(500), $"{url}?{query}\n{answer.Text}");
            }
        }
    }

    [Test]
    public async Task AnyBody_IsStoredOrRefused()
    {
        var random = new Random(2);
        foreach (var url in await ListsAsync())
        {
            if ((await Admin.OptionsAsync(url))["actions"]!["POST"] is { } post)
            {
                await PostAsync(random, url, [.. post.AsObject().Select(pair => pair.Key), "kind", "spec"]);
            }
        }
    }

    [TestCase("instance_groups/1/instances/", "id", "disassociate")]
    [TestCase("organizations/1/instance_groups/", "id", "disassociate")]
    [TestCase("organizations/1/teams/", "id", "name", "disassociate")]
    public Task AnyAssociation_IsMadeOrRefused(string path, params string[] fields) => PostAsync(new Random(3), path, fields);

    [TestCase("instance_groups/1/", "name", "max_forks", "policy_instance_list", "pod_spec_override", "execution_backend", "backend_settings", "spec")]
    [TestCase("instances/1/", "hostname", "node_type", "node_state", "enabled", "capacity_adjustment", "managed_by_policy")]
    [TestCase("organizations/1/", "name", "description", "max_hosts", "default_environment")]
    [TestCase("users/1/", "username", "email", "is_system_auditor")]
    public Task AnyChange_IsMadeOrRefused(string path, params string[] fields) => PostAsync(new Random(4), path, fields, HttpMethod.Patch);

    [Test]
    public async Task AnySegment_IsFoundOrNot()
    {
        var random = new Random(7);
        foreach (var resource in (string[])["teams", "organizations", "instances", "instance_groups", "users"])
        {
            for (var i = 0; i < 60; i++)
            {
                var segment = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, [.. Values, "+", "++", "[+]", "%2F", "%", "a"])));
                var answer = await Admin.GetAsync($"{resource}/{Uri.EscapeDataString(Clean(segment))}/");
                Assert.That((int)answer.Status, Is.LessThan(500), $"{resource} {segment}\n{answer.Text}");
            }
        }
    }

    private async Task PostAsync(Random random, string path, string[] fields, HttpMethod? method = null)
    {
        for (var i = 0; i < Rounds; i++)
        {
            // A password takes long to hash, and that it can be any text is known.
            var members = fields.Where(field => field != "password" && random.Next(3) > 0).Select(field => $"\"{field}\":{Pick(random, JsonValues)}");
            var body = Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}");
            if (random.Next(8) == 0 && body.Length > 3)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var answer = await Admin.SendAsync(method ?? HttpMethod.Post, path, body, "application/json");
            Assert.That((int)answer.Status, Is.LessThan(500), $"{path} {Encoding.UTF8.GetString(body)}\n{answer.Text}");
        }
    }

    private async Task<IReadOnlyList<string>> ListsAsync() =>
    [
        .. (await Admin.GetAsync("/api/v2/")).Json.AsObject()
            .Where(pair => pair.Key is not ("ping" or "config" or "me" or "plugins" or "dashboard" or "metrics")).Select(pair => pair.Value!.ToString()),
    ];

    private static string Term(Random random, string[] own)
    {
        if (random.Next(6) == 0)
        {
            return $"{Pick(random, ["order_by", "page", "page_size", "search", "type", "limit", "count_disabled"])}={Escape(random)}";
        }

        var path = string.Join("__", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, random.Next(2) == 0 ? own : Words)));
        return $"{Pick(random, ["", "", "", "or__", "not__", "chain__", "or__not__"])}{Uri.EscapeDataString(path)}={Escape(random)}";
    }

    private static string Escape(Random random) => Uri.EscapeDataString(Clean(Pick(random, Values)));

    // Half a surrogate pair can't be sent as text; its bytes can.
    private static string Clean(string text) => text.Replace("\ud800", "\uFFFD", StringComparison.Ordinal);

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}

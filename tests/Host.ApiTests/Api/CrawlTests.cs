using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>Follows what the API says of itself, over every resource that there is: its links, its fields, its methods.</summary>
internal sealed class CrawlTests(DatabaseKind kind) : ApiFixture(kind)
{
    [OneTimeSetUp]
    public Task FillAsync() => SampleRows.InsertAsync(Server, 2);

    [Test]
    public async Task EveryLink_LeadsToSomethingThatAnswers()
    {
        var broken = new List<string>();
        foreach (var url in await ListsAsync())
        {
            foreach (var row in (await Admin.GetAsync(url))["results"]!.AsArray().Where(row => row!["related"] is JsonObject))
            {
                foreach (var (name, link) in Links(row!["related"]!.AsObject().Append(new("url", row["url"]))))
                {
                    var answer = await Admin.GetAsync(link);

                    // Some can only be posted to.
                    if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed))
                    {
                        broken.Add($"{url} {name}: {link} is {(int)answer.Status} {answer.Text}");
                    }
                }
            }
        }

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public async Task EveryObject_IsFoundByItsName()
    {
        foreach (var url in await ListsAsync())
        {
            foreach (var row in (await Admin.GetAsync(url))["results"]!.AsArray().Where(row => row!["related"] is JsonObject))
            {
                var shown = await Admin.GetAsync(row!["url"]!.ToString());
                if (shown["related"]!["named_url"] is { } named)
                {
                    var found = await Admin.GetAsync(named.ToString());
                    Assert.That(found["id"]?.ToString(), Is.EqualTo(shown["id"]!.ToString()), $"{named}\n{found.Text}");
                }
            }
        }
    }

    [Test]
    public async Task EveryFilterableField_CanBeFilteredAndOrderedBy()
    {
        foreach (var url in await ListsAsync())
        {
            var fields = (await Admin.OptionsAsync(url))["actions"]?["GET"]?.AsObject().Where(pair => pair.Value!["filterable"]!.GetValue<bool>()) ?? [];
            foreach (var (name, _) in fields)
            {
                foreach (var query in (string[])[$"{name}__isnull=false", $"order_by=-{name}", $"not__{name}__isnull=true"])
                {
                    var answer = await Admin.GetAsync($"{url}?{query}");
                    Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.Forbidden), $"{url}?{query}\n{answer.Text}");
                }
            }
        }
    }

    [Test]
    public async Task EveryRelatedSearch_IsAnswered()
    {
        foreach (var url in await ListsAsync())
        {
            foreach (var search in (await Admin.OptionsAsync(url))["related_search_fields"]?.AsArray() ?? [])
            {
                var answer = await Admin.GetAsync($"{url}?{search}=a,b&search=a");
                Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), $"{url}?{search}\n{answer.Text}");
            }
        }
    }

    /// <summary>The activity stream has lists of links.</summary>
    private static IEnumerable<(string Name, string Link)> Links(IEnumerable<KeyValuePair<string, JsonNode?>> members) => members.SelectMany(member =>
        member.Value is JsonArray several ? several.Select(link => (member.Key, link!.ToString())) : [(member.Key, member.Value!.ToString())]);

    private async Task<IReadOnlyList<string>> ListsAsync()
    {
        var lists = (await Admin.GetAsync("/api/v2/")).Json.AsObject()
            .Where(pair => pair.Key is not ("ping" or "config" or "me" or "plugins" or "dashboard" or "metrics")).Select(pair => pair.Value!.ToString()).ToList();
        Assert.That(lists, Has.Count.GreaterThan(8));
        return lists;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary><c>$all</c>: every entity of every set, each telling its type.</summary>
internal sealed class AllEntitiesTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCase(1_000)]
    [TestCase(7)]
    [TestCase(1)]
    public async Task Pages_TogetherAreEveryEntityOnce(int size)
    {
        var expected = new List<string>();
        foreach (var set in (await ReadAsync("")).AsObject()["value"]!.AsArray().Select(set => (string)set!["name"]!))
        {
            expected.AddRange((await ReadAsync($"{set}?$select=Id"))["value"]!.AsArray().Select(row => new Uri(Server.Address, $"/odata/{set}({row!["Id"]})").AbsoluteUri));
        }

        var found = await FollowAsync("$all", size);

        Assert.That(found.Select(row => (string)row["@odata.id"]!), Is.EqualTo(expected));
        Assert.That((await AskAsync("$all/$count")).Text, Is.EqualTo($"{expected.Count}"));
        Assert.That((long)(await ReadAsync("$all?$count=true&$top=1"))["@odata.count"]!, Is.EqualTo(expected.Count));
    }

    [Test]
    public async Task Entity_TellsItsTypeAndHasItsProperties()
    {
        var all = await ReadAsync("$all?$search=deploy");

        Assert.That((string)all["@odata.context"]!, Does.EndWith("$metadata#Collection(Edm.EntityType)"));
        var job = all["value"]!.AsArray().First(row => (string)row!["@odata.type"]! == "#ContainerGroups.Job")!;
        Assert.That((string)job["@odata.id"]!, Does.EndWith("/odata/Jobs(1)"));
        Assert.That(job["Status"]!.ToJsonString(), Is.EqualTo((await ReadAsync("Jobs(1)"))["Status"]!.ToJsonString()));
    }

    [TestCase("$all?$search=deploy&$top=3", 2)]
    [TestCase("$all?$search=deploy&$top=3&$skip=2", 1)]
    [TestCase("$all?$search=deploy&$skip=3", 2)]
    public async Task TopAndSkip_CountThroughTheSets(string url, int size)
    {
        var whole = (await FollowAsync("$all?$search=deploy", 1_000)).ConvertAll(row => (string)row["@odata.id"]!);
        var skip = url.Contains("$skip=", StringComparison.Ordinal) ? url[^1] - '0' : 0;
        var top = url.Contains("$top", StringComparison.Ordinal) ? 3 : int.MaxValue;

        var found = await FollowAsync(url, size);

        Assert.That(whole, Has.Count.GreaterThan(skip + 1));
        Assert.That(found.Select(row => (string)row["@odata.id"]!), Is.EqualTo(whole.Skip(skip).Take(top)));
    }

    [Test]
    public async Task EntitiesOfAType_AreThoseOfItsSet()
    {
        var jobs = await ReadAsync("Jobs?$filter=Failed&$select=Id");

        Assert.That((await ReadAsync("$all/ContainerGroups.Job?$filter=Failed&$select=Id")).ToJsonString(), Is.EqualTo(jobs.ToJsonString()));
        Assert.That((await AskAsync("$all/ContainerGroups.Job/$count?$filter=Failed")).Text, Is.EqualTo("3"));
    }

    [TestCase("$all/ContainerGroups.User", HttpStatusCode.NotFound)]
    [TestCase("$all/Jobs", HttpStatusCode.NotFound)]
    [TestCase("$all?$filter=Id eq 1", HttpStatusCode.BadRequest)]
    [TestCase("$all?$orderby=Id", HttpStatusCode.BadRequest)]
    [TestCase("$all?$expand=*", HttpStatusCode.BadRequest)]
    [TestCase("$all/$count?$top=1", HttpStatusCode.BadRequest)]
    [TestCase("$all?$skiptoken=Users.WzFd", HttpStatusCode.BadRequest)]
    [TestCase("$all?$skiptoken=Jobs.x", HttpStatusCode.BadRequest)]
    public async Task WhatAllCanNotHave_IsRefused(string url, HttpStatusCode status) =>
        Assert.That((await AskAsync(QueryTable.Escaped(url))).Status, Is.EqualTo(status));

    [Test]
    public async Task CallerWhoMaySeeLittle_IsShownNoMore()
    {
        await Admin.CreateAsync("users/", """{"username":"guest","password":"n0-secrets-here"}""");
        using var guest = Server.ClientFor("guest", "n0-secrets-here");

        var types = (await guest.GetAsync("/odata/$all")).Json["value"]!.AsArray().Select(row => (string)row!["@odata.type"]!).Distinct();

        Assert.That(types, Is.EquivalentTo(new[] { "#ContainerGroups.CredentialType", "#ContainerGroups.Activity" }));
    }

    private Task<List<JsonNode>> FollowAsync(string url, int size) => PagesAsync(url, size, _ => Task.CompletedTask);
}

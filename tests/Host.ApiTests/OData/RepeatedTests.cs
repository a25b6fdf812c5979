using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>What the same question was answered before must not show in the next answer: not its rows, not its caller, not its moment.</summary>
internal sealed class RepeatedTests(DatabaseKind kind) : ODataFixture(kind)
{
    [Test]
    public async Task SameQuestion_OfAnotherCaller_ShowsWhatThatOneMaySee()
    {
        const string url = "/odata/Jobs?$select=Id&$expand=Events($select=Id;$top=1)";
        var id = await Admin.CreateAsync("users/", """{"username":"reader","password":"n0-secrets-here"}""");
        using var reader = Server.ClientFor("reader", "n0-secrets-here");
        var all = Ids(await Admin.GetAsync(url));
        Assert.That(Ids(await Admin.GetAsync(url)), Is.EqualTo(all));
        Assert.That(Ids(await reader.GetAsync(url)), Is.Empty);
        Assert.That(Ids(await reader.GetAsync(url)), Is.Empty);

        await using var db = Server.Database.Open();
        var job = new Job { Id = 900, Name = "mine", CreatedById = id };
        db.Add(job);
        await db.SaveChangesAsync();

        Assert.That(Ids(await reader.GetAsync(url)), Is.EqualTo((long[])[900]));
        Assert.That(Ids(await Admin.GetAsync(url)), Is.EqualTo(all.Append(900)));
        db.Remove(job);
        await db.SaveChangesAsync();
        Assert.That(Ids(await reader.GetAsync(url)), Is.Empty);
    }

    [Test]
    public async Task Auditor_WhoIsOneNoLonger_SeesNothingByTheSameQuestion()
    {
        const string url = "/odata/Jobs?$select=Id";
        var id = await Admin.CreateAsync("users/", """{"username":"auditor","password":"n0-secrets-here","is_system_auditor":true}""");
        using var auditor = Server.ClientFor("auditor", "n0-secrets-here");
        Assert.That(Ids(await auditor.GetAsync(url)), Is.Not.Empty);
        Assert.That(Ids(await auditor.GetAsync(url)), Is.Not.Empty);

        await Admin.PatchAsync($"users/{id}/", """{"is_system_auditor":false}""");

        Assert.That(Ids(await auditor.GetAsync(url)), Is.Empty);
    }

    [Test]
    public async Task Now_IsTheMomentOfEachAnswer()
    {
        const string url = "Jobs?$select=Id&$filter=Id eq 901 and Created lt now()";
        await using var db = Server.Database.Open();
        var job = new Job { Id = 901, Name = "soon", Created = DateTime.UtcNow.AddSeconds(2) };
        db.Add(job);
        await db.SaveChangesAsync();

        // Asked often enough before it is time for any answer to be remembered.
        await Eventually.BeAsync(async () => (await IdsAsync(url)).Count == 1, "the job to be of the past");

        db.Remove(job);
        await db.SaveChangesAsync();
    }

    [Test]
    public async Task RowsAddedBelow_AreExpandedByTheSameQuestion()
    {
        const string url = "Jobs?$filter=Id le 3&$select=Id&$expand=Events($select=Counter;$orderby=Counter desc;$top=1;$expand=Host($select=Name))";
        await ReadAsync(url);
        await ReadAsync(url);
        await using var db = Server.Database.Open();
        var added = new JobEvent { JobId = 3, Counter = 4711, Created = DateTime.UtcNow };
        db.Add(added);
        await db.SaveChangesAsync();

        var rows = (await ReadAsync(url))["value"]!.AsArray();

        Assert.That((long)rows[2]!["Events"]![0]!["Counter"]!, Is.EqualTo(4711));
        db.Remove(added);
        await db.SaveChangesAsync();
    }

    [Test]
    public async Task EverySet_SaysTheSameInEveryFormat()
    {
        // Instances and plugins are seen alive from time to time, and say when.
        foreach (var set in (await ReadAsync("?$format=json"))["value"]!.AsArray().Select(set => (string)set!["name"]!).Except(["Instances", "Plugins"]))
        {
            var plain = Values(await ReadAsync(set));

            Assert.That(Values(await ReadAsync($"{set}?$format=application/json;odata.metadata=full")), Is.EqualTo(plain), set);
            Assert.That(Values(await ReadAsync($"{set}?$format=application/json;odata.metadata=none")), Is.EqualTo(plain), set);
            Assert.That(Values(await ReadAsync($"{set}?$count=true")), Is.EqualTo(plain), set);
        }
    }

    private static IReadOnlyList<long> Ids(ApiAnswer answer) => [.. answer.Json["value"]!.AsArray().Select(row => (long)row!["Id"]!)];

    /// <summary>The rows without what is said about them.</summary>
    private static List<string> Values(JsonNode answer) =>
    [
        .. answer["value"]!.AsArray().Select(row => string.Join(';', row!.AsObject()
            .Where(pair => !pair.Key.Contains('@', StringComparison.Ordinal)).Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"))),
    ];
}

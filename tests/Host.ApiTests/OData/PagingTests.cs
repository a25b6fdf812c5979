using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Page by page, every row comes once: whatever it is sorted by, and while others are added.</summary>
internal sealed class PagingTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCase("Jobs?$select=Id", "1,2,3,4,5,6,7,8")]
    [TestCase("Jobs?$select=Id&$orderby=Started", "4,6,8,1,2,3,5,7")]
    [TestCase("Jobs?$select=Id&$orderby=Started desc", "7,5,3,2,1,4,6,8")]
    [TestCase("Jobs?$select=Id&$orderby=Failed desc", "2,4,5,1,3,6,7,8")]
    [TestCase("Jobs?$select=Id&$orderby=Name,Id desc", "8,3,5,2,1,4,7,6")]
    [TestCase("Jobs?$select=Id&$orderby=ElapsedSeconds desc,Name desc", "5,1,2,7,3,6,4,8")]
    [TestCase("Jobs?$select=Id&$orderby=JobTemplate/Name desc,ExitCode", "3,5,1,7,2,4,6,8")]
    [TestCase("Jobs?$select=Id&$orderby=length(Name) desc", "4,6,1,2,5,7,3,8")]
    [TestCase("Jobs?$select=Id&$filter=Failed", "2,4,5")]
    [TestCase("Jobs?$select=Id&$top=5", "1,2,3,4,5")]
    [TestCase("Jobs?$select=Id&$skip=3", "4,5,6,7,8")]
    [TestCase("Jobs(1)/Events?$select=Id&$orderby=Counter desc", "13,12,11")]
    public async Task Pages_TogetherAreEveryRowOnce(string url, string ids)
    {
        foreach (var size in (int[])[1, 2, 3, 7, 8, 100])
        {
            Assert.That(string.Join(',', await FollowAsync(url, size)), Is.EqualTo(ids), $"{size} on each page");
        }
    }

    [Test]
    public async Task GroupedPages_TogetherAreEveryRowOnce()
    {
        var rows = await PagesAsync("Jobs?$apply=groupby((Status),aggregate($count as N))&$orderby=N desc", 2, _ => Task.CompletedTask);

        Assert.That(rows.Select(row => (string?)row["Status"]), Is.EqualTo((string[])["successful", "new", "canceled", "error", "failed"]));
    }

    [TestCase("$orderby=Created desc")]
    [TestCase("$orderby=Name")]
    public async Task Rows_AddedWhileReading_NeitherRepeatNorHideOthers(string order)
    {
        var before = await IdsAsync($"Jobs?$select=Id&{order}");

        var rows = await PagesAsync($"Jobs?$select=Id&{order}", 2, async page =>
        {
            await using var db = Server.Database.Open();
            var moment = page % 2 == 0 ? DateTime.UnixEpoch : new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            db.Add(new Job { Id = 100 + page, Name = page % 2 == 0 ? "" : "zzz", Created = moment });
            await db.SaveChangesAsync();
        });

        var ids = rows.Select(row => (long)row["Id"]!).ToList();
        Assert.That(ids, Is.Unique);
        Assert.That(ids.Where(before.Contains), Is.EqualTo(before));
        await using var cleaning = Server.Database.Open();
        cleaning.Jobs.RemoveRange(cleaning.Jobs.Where(job => job.Id > 8));
        await cleaning.SaveChangesAsync();
    }

    [Test]
    public async Task Expansion_ThatDoesNotFit_LinksToTheRest()
    {
        await using var small = await ApiServer.StartAsync(Kind, null, ("OData:PageSize", "2"));
        await using (var db = small.Database.Open())
        {
            await FixedRows.InsertAsync(db);
        }

        var job = (await small.Admin.GetAsync("/odata/Jobs(1)?$expand=Events($select=Id;$orderby=Counter desc;$filter=contains(Event,'o'))")).Json;
        var rest = await small.Admin.GetAsync(new Uri((string)job["Events@odata.nextLink"]!).PathAndQuery);

        Assert.That(job["Events"]!.AsArray().Select(row => (long)row!["Id"]!), Is.EqualTo((long[])[13, 12]));
        Assert.That(rest.Json["value"]!.AsArray().Select(row => (long)row!["Id"]!), Is.EqualTo((long[])[11]), rest.Text);
    }

    [TestCase("Jobs(1)?$select=Id&$expand=Events($select=Id;$top=2)")]
    [TestCase("Jobs?$filter=Id le 2&$select=Id&$expand=Events($select=Id;$top=2)")]
    public async Task Expansion_ThatTopEnds_LinksNowhere(string url) =>
        Assert.That((await ReadAsync(url)).ToJsonString(), Does.Not.Contain("nextLink"));

    [Test]
    public async Task Expansion_BelowManyRows_CountsItsPartsOnce()
    {
        await using var strict = await ApiServer.StartAsync(Kind, null, ("OData:MaxNodes", "12"));
        await using (var db = strict.Database.Open())
        {
            await FixedRows.InsertAsync(db);
        }

        var answer = await strict.Admin.GetAsync("/odata/Jobs?$select=Id&$expand=Events($apply=filter(Counter gt 1 and Counter lt 5)/aggregate($count as N))");

        Assert.That(answer.Json["value"]!.AsArray().Select(row => (long)row!["Events"]![0]!["N"]!), Is.EqualTo((long[])[2, 2, 0, 0, 0, 0, 0, 0]), answer.Text);
    }

    private async Task<IEnumerable<long>> FollowAsync(string url, int size) =>
        (await PagesAsync(url, size, _ => Task.CompletedTask)).Select(row => (long)row["Id"]!);
}

using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Any filter over any rows gives the rows that OData's rules give.</summary>
internal sealed class RandomFilterTests(DatabaseKind kind) : ODataFixture(kind)
{
    private const int Rounds = 150;

    [Test]
    public async Task Filter_GivesTheRowsThatItsRulesGive()
    {
        var random = new Random(11);
        var rows = RandomRows.Make(random, 80);
        await using (var db = Server.Database.Open())
        {
            db.AddRange(rows);
            await db.SaveChangesAsync();
        }

        var filters = new RandomFilter(random);
        for (var round = 0; round < Rounds; round++)
        {
            var (text, value) = filters.Condition(random.Next(4));
            var expected = rows.Where(job => value(job) == true).Select(job => job.Id).ToList();

            var found = await IdsAsync($"Jobs?$select=Id&$filter=Id ge {RandomRows.FirstId} and {Uri.EscapeDataString(text)}");

            Assert.That(found, Is.EqualTo(expected), text);
        }
    }
}

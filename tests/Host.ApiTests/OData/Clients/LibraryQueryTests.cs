using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>What the table of queries is answered with is what the library takes for OData, not only what the table says.</summary>
internal sealed class LibraryQueryTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCase("application/json")]
    [TestCase("application/json;odata.metadata=full")]
    public async Task EveryCollectionOfTheTable_IsUnderstood(string accept)
    {
        using var client = new LibraryClient(new Uri(Server.Address, "/odata/"), "admin", ApiServer.Password);
        await client.LearnSchemaAsync();
        var read = 0;
        foreach (var query in QueryTable.All().Select(data => (QueryCase)data.Arguments[0]!))
        {
            var url = QueryTable.Escaped(query.Url);
            var answer = await AskAsync(url);
            if (answer.Status != HttpStatusCode.OK || !answer.Text.StartsWith('{') || answer.Json["value"] is not System.Text.Json.Nodes.JsonArray expected)
            {
                continue;
            }

            Assert.That(async () => await client.RowsAsync(url, accept), Has.Count.EqualTo(expected.Count), $"{query}\n{answer.Text}");
            read++;
        }

        Assert.That(read, Is.GreaterThan(150));
    }
}

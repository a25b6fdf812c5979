using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Host.IntegrationTests.Api;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.OData;

/// <summary>Tests against one server per fixture that holds the fixed rows, on SQLite and on PostgreSQL.</summary>
internal abstract class ODataFixture(DatabaseKind kind) : ApiFixture(kind)
{
    [OneTimeSetUp]
    public async Task InsertRowsAsync()
    {
        await using var db = Server.Database.Open();
        await FixedRows.InsertAsync(db);
    }

    protected Task<ApiAnswer> AskAsync(string url) => Admin.GetAsync(url.StartsWith("http", StringComparison.Ordinal) ? new Uri(url).PathAndQuery : "/odata/" + url);

    protected async Task<JsonNode> ReadAsync(string url)
    {
        var answer = await AskAsync(url);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), $"{url}\n{answer.Text}");
        return answer.Json;
    }

    protected async Task<IReadOnlyList<long>> IdsAsync(string url) => [.. (await ReadAsync(url))["value"]!.AsArray().Select(row => (long)row!["Id"]!)];
}

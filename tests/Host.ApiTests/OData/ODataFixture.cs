using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Tests against one server per fixture that holds the fixed rows, on SQLite and on PostgreSQL.</summary>
internal abstract class ODataFixture(DatabaseKind kind) : ApiFixture(kind)
{
    /// <summary>The administrator at <c>/odata/</c>, for what the API's client hides.</summary>
    protected HttpClient Http { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task InsertRowsAsync()
    {
        Http = new HttpClient { BaseAddress = new Uri(Server.Address, "/odata/") };
        Http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{ApiServer.Password}")));
        await using var db = Server.Database.Open();
        await FixedRows.InsertAsync(db);
    }

    [OneTimeTearDown]
    public void CloseHttp() => Http?.Dispose();

    protected Task<ApiAnswer> AskAsync(string url) => Admin.GetAsync(url.StartsWith("http", StringComparison.Ordinal) ? new Uri(url).PathAndQuery : "/odata/" + url);

    protected async Task<JsonNode> ReadAsync(string url)
    {
        var answer = await AskAsync(url);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), $"{url}\n{answer.Text}");
        return answer.Json;
    }

    protected async Task<IReadOnlyList<long>> IdsAsync(string url) => [.. (await ReadAsync(url))["value"]!.AsArray().Select(row => (long)row!["Id"]!)];

    /// <summary>Every row, page after page; between two of them something may happen, which is told how many there were.</summary>
    protected async Task<List<JsonNode>> PagesAsync(string url, int size, Func<int, Task> between)
    {
        var rows = new List<JsonNode>();
        var next = new Uri(Server.Address, "/odata/" + url);
        for (var page = 0; page < 1_000; page++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Headers = { { "Prefer", $"odata.maxpagesize={size}" } } };
            using var response = await Http.SendAsync(request);
            var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
            var value = answer["value"]!.AsArray();
            Assert.That(value, Has.Count.LessThanOrEqualTo(size));
            rows.AddRange(value.Select(row => row!));
            if (answer["@odata.nextLink"] is not { } link)
            {
                return rows;
            }

            next = new Uri((string)link!);
            await between(page);
        }

        throw new InvalidOperationException("There is no end of pages.");
    }
}

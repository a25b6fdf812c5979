using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.OData.Batch;

/// <summary>Batches in JSON: what their requests have to do with each other.</summary>
internal sealed class JsonBatchTests(DatabaseKind kind) : BatchFixture(kind)
{
    [Test]
    public async Task Request_IsNotTried_WhenWhatItDependsOnFailed()
    {
        var responses = await ResponsesAsync("""
            {"id":"a","method":"get","url":"Jobs(99)"},
            {"id":"b","method":"get","url":"Jobs(1)","dependsOn":["a"]},
            {"id":"c","method":"get","url":"Jobs(1)","dependsOn":["b"]},
            {"id":"d","method":"get","url":"Jobs(1)","atomicityGroup":"g"},
            {"id":"e","method":"get","url":"Jobs(1)","dependsOn":["g"]}
            """);

        Assert.That(responses.Select(part => $"{part!["id"]} {part["status"]}"), Is.EqualTo((string[])["a 404", "b 424", "c 424", "d 200", "e 200"]));
        Assert.That((string?)responses[3]!["atomicityGroup"], Is.EqualTo("g"));
    }

    [Test]
    public async Task Request_GoesOnWhereAnotherEnded()
    {
        var responses = await ResponsesAsync("""
            {"id":"1","method":"get","url":"Jobs(1)?$select=Id"},
            {"id":"2","method":"get","url":"$1/Events/$count","dependsOn":["1"]}
            """);

        Assert.That((string?)responses[1]!["body"], Is.EqualTo("3"));
    }

    [Test]
    public async Task Request_GoesOnWhereOneEndedThatWentOnItself()
    {
        var responses = await ResponsesAsync("""
            {"id":"1","method":"get","url":"Jobs(1)?$select=Id"},
            {"id":"2","method":"get","url":"$1/JobTemplate?$select=Id","dependsOn":["1"]},
            {"id":"3","method":"get","url":"$2/Name","dependsOn":["2"]}
            """);

        Assert.That(responses.Select(part => (int)part!["status"]!), Is.EqualTo((int[])[200, 200, 200]), responses.ToJsonString());
        Assert.That((string?)responses[2]!["body"]!["value"], Is.EqualTo("Deploy"));
    }

    [TestCase("$batch")]
    [TestCase("/odata/$batch")]
    [TestCase("/odata//$batch")]
    [TestCase("/odata///$batch/")]
    [TestCase("/odata/./$batch")]
    [TestCase("/odata//Jobs/../$batch")]
    [TestCase("/odata/%24batch")]
    public async Task Batch_InsideABatch_IsNotThere(string url)
    {
        var responses = await ResponsesAsync(
            $$$"""{"id":"1","method":"post","url":"{{{url}}}","headers":{"content-type":"application/json"},"body":{"requests":[]}}""");

        Assert.That((int)responses[0]!["status"]!, Is.AnyOf(404, 405), responses.ToJsonString());
    }

    [Test]
    public async Task Page_OfARequest_IsNoLargerThanThatOfOneThatNamesNoSize()
    {
        await using var small = await ApiServer.StartAsync(Kind, null, ("OData:PageSize", "2"));
        await using (var db = small.Database.Open())
        {
            await FixedRows.InsertAsync(db);
        }

        var answer = await small.Admin.PostAsync("/odata/$batch", """
            {"requests":[
                {"id":"1","method":"get","url":"Jobs?$select=Id","headers":{"prefer":"odata.maxpagesize=1000000"}},
                {"id":"2","method":"get","url":"Jobs?$select=Id","headers":{"prefer":"maxpagesize=1"}},
                {"id":"3","method":"post","url":"Jobs/$query","headers":{"prefer":"maxpagesize=5","content-type":"text/plain"},"body":"$select=Id"}
            ]}
            """);

        var responses = answer["responses"]!.AsArray();
        Assert.That(responses.Select(part => part!["body"]!["value"]!.AsArray().Count), Is.EqualTo((int[])[2, 1, 2]), answer.Text);
        Assert.That((string?)responses[0]!["headers"]!["preference-applied"], Is.EqualTo("odata.maxpagesize=2"));
        Assert.That(responses[0]!["body"]!["@odata.nextLink"], Is.Not.Null);
    }

    [Test]
    public async Task Request_ThatFailsInTheMiddleOfItsAnswer_IsAnsweredByTheErrorAlone()
    {
        await using var server = await ApiServer.StartAsync(Kind);
        await using (var db = server.Database.Open())
        {
            db.AddRange(Enumerable.Range(1001, 500).Select(id => new Organization { Id = id, Name = $"o{id}", Description = new string('d', 500) }));
            await db.SaveChangesAsync();
            // A moment that the driver can't read, in the last row.
            await db.Database.ExecuteSqlRawAsync(Kind == DatabaseKind.Sqlite
                ? """UPDATE "Organizations" SET "Created" = 'x' WHERE "Id" = 1500"""
                : """UPDATE "Organizations" SET "Created" = '0044-03-15 12:00:00+00 BC' WHERE "Id" = 1500""");
        }

        var answer = await server.Admin.PostAsync("/odata/$batch", """
            {"requests":[{"id":"1","method":"get","url":"Organizations"},{"id":"2","method":"get","url":"Organizations/$count"}]}
            """);

        var responses = answer["responses"]!.AsArray();
        Assert.That((int)responses[0]!["status"]!, Is.GreaterThanOrEqualTo(400));
        Assert.That(responses[0]!["body"]!.AsObject().Select(pair => pair.Key), Is.EqualTo((string[])["error"]));
        Assert.That((int)responses[1]!["status"]!, Is.EqualTo(200));
    }

    [Test]
    public async Task QueryOptions_MayBeInTheBody()
    {
        var responses = await ResponsesAsync("""
            {"id":"1","method":"post","url":"Jobs/$query","headers":{"content-type":"text/plain"},"body":"$filter=Id%20eq%203&$select=Id"}
            """);

        Assert.That(responses[0]!["body"]!["value"]!.ToJsonString(), Is.EqualTo("""[{"Id":3}]"""));
    }

    [Test]
    public async Task Failure_EndsTheBatch_OnlyWhenTheClientWantsThat()
    {
        const string requests = """{"id":"a","method":"get","url":"Jobs(99)"},{"id":"b","method":"get","url":"Jobs(1)"}""";

        Assert.That(await ResponsesAsync(requests), Has.Count.EqualTo(2));
        Assert.That(await ResponsesAsync(requests, ("Prefer", "continue-on-error=false")), Has.Count.EqualTo(1));
    }

    [TestCase("""{"id":"a","method":"get","url":"Jobs(1)"},{"id":"a","method":"get","url":"Jobs(1)"}""")]
    [TestCase("""{"id":"a","method":"get","url":"Jobs(1)","dependsOn":["b"]},{"id":"b","method":"get","url":"Jobs(1)"}""")]
    [TestCase("""{"id":"a","method":"get","url":"Jobs(1)","dependsOn":"a"}""")]
    [TestCase("""{"id":"a\r\nb","method":"get","url":"Jobs(1)"}""")]
    public async Task Batch_ThatContradictsItself_IsRefused(string requests)
    {
        var (answer, text) = await PostAsync(Encoding.UTF8.GetBytes($$"""{"requests":[{{requests}}]}"""), "application/json");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), text);
    }

    private async Task<JsonArray> ResponsesAsync(string requests, params (string, string)[] headers)
    {
        var (answer, text) = await PostAsync(Encoding.UTF8.GetBytes($$"""{"requests":[{{requests}}]}"""), "application/json", headers);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonNode.Parse(text)!["responses"]!.AsArray();
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

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

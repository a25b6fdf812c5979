using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData.Batch;

/// <summary>Batches in the form of OData 4.0: requests written out as HTTP, and so their answers.</summary>
internal sealed class MultipartBatchTests(DatabaseKind kind) : BatchFixture(kind)
{
    private const string Type = "multipart/mixed; boundary=b";

    private const string ChangeSet = "Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\nContent-ID: 1\n\nDELETE Jobs(1) HTTP/1.1\n\n\n--c--\n";

    [Test]
    public async Task Reads_AreAnsweredInTheirOrder()
    {
        var body = Multipart(
            Get("Jobs/$count"),
            Get("/odata/Jobs(3)?$select=Name", "Host: " + Root.Authority + "\nAccept: application/json;odata.metadata=none\n"),
            Get(Root + "Jobs(1)/Name/$value"),
            "Content-Type: application/http\nContent-ID: last\n\nGET Jobs?$filter=Id eq 2&$select=Id\n\n");

        var (answer, text) = await PostAsync(body, Type);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("multipart/mixed"));
        Assert.That(Statuses(text), Is.EqualTo((int[])[200, 200, 200, 200]), text);
        Assert.That(text, Does.Match("\r\n\r\n8\r\n[\\s\\S]*\r\n\r\n{\"Name\":\"Check\"}\r\n[\\s\\S]*\r\n\r\nDeploy\r\n[\\s\\S]*Content-ID: last\r\n[\\s\\S]*\"value\":\\[{\"Id\":2}\\]"));
        Assert.That(text, Does.EndWith("--\r\n"));
    }

    [TestCase(null, new[] { 200, 400 })]
    [TestCase("odata.continue-on-error=false", new[] { 200, 400 })]
    [TestCase("odata.continue-on-error", new[] { 200, 400, 200 })]
    [TestCase("continue-on-error=true", new[] { 200, 400, 200 })]
    public async Task Failure_EndsTheBatch_UnlessTheClientGoesOn(string? preference, int[] statuses)
    {
        var body = Multipart(Get("Jobs(1)"), Get("Jobs?$filter=Nothing eq 1"), Get("Jobs(2)"));

        var (answer, text) = await PostAsync(body, Type, preference is null ? [] : [("Prefer", preference)]);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Statuses(text), Is.EqualTo(statuses), text);
    }

    [Test]
    public async Task ChangeSet_IsRefusedAsOne()
    {
        var (_, text) = await PostAsync(Multipart(ChangeSet, Get("Jobs(1)")), Type, ("Prefer", "continue-on-error"));

        Assert.That(Statuses(text), Is.EqualTo((int[])[405, 200]), text);
        Assert.That(text, Does.Contain("This service is for reading"));
    }

    [Test]
    public async Task Preamble_AndEpilogue_AreIgnored()
    {
        byte[] body = [.. "what comes before\r\n"u8, .. Multipart(Get("Jobs(1)")), .. "what comes after"u8];

        var (_, text) = await PostAsync(body, Type);

        Assert.That(Statuses(text), Is.EqualTo((int[])[200]), text);
    }

    [Test]
    public async Task Answers_AreJson_ForWhoWantsThat()
    {
        var (answer, text) = await PostAsync(Multipart(Get("Jobs/$count"), Get("Jobs(1)?$select=Id")), Type, ("Accept", "application/json"));

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        var responses = JsonNode.Parse(text)!["responses"]!.AsArray();
        Assert.That(responses.Select(part => $"{part!["id"]} {part["status"]}"), Is.EqualTo((string[])["0 200", "1 200"]));
    }

    [Test]
    public async Task JsonBatch_IsAnsweredInParts_ForWhoWantsThat()
    {
        var body = """{"requests":[{"id":"x","method":"get","url":"Jobs/$count"}]}"""u8.ToArray();

        var (answer, text) = await PostAsync(body, "application/json", ("Accept", "multipart/mixed"));

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("multipart/mixed"));
        Assert.That(text, Does.Match("Content-ID: x\r\n[\\s\\S]*\r\n\r\n8\r\n"));
    }

    [Test]
    public async Task Batch_InsideABatch_IsNotThere()
    {
        var (_, text) = await PostAsync(Multipart(Get("$batch"), Get("http://elsewhere.example.org/odata/Jobs")), Type, ("Prefer", "continue-on-error"));

        Assert.That(Statuses(text), Is.EqualTo((int[])[404, 404]), text);
    }

    [TestCase("multipart/mixed", "--b--\r\n", HttpStatusCode.BadRequest)]
    [TestCase("multipart/mixed; boundary=other", "--b\r\n\r\nGET Jobs\r\n--b--\r\n", HttpStatusCode.BadRequest)]
    [TestCase("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nGET Jobs", HttpStatusCode.BadRequest)]
    [TestCase("multipart/mixed; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nGET Jobs\r\n--b--\r\n", HttpStatusCode.BadRequest)]
    [TestCase("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nJobs\r\n--b--\r\n", HttpStatusCode.BadRequest)]
    [TestCase("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nGET Jobs\r\nno header\r\n--b--\r\n", HttpStatusCode.BadRequest)]
    [TestCase("text/plain", "GET Jobs", HttpStatusCode.UnsupportedMediaType)]
    public async Task Batch_ThatIsNone_IsRefused(string type, string body, HttpStatusCode status)
    {
        var (answer, text) = await PostAsync(System.Text.Encoding.UTF8.GetBytes(body), type);

        Assert.That(answer.StatusCode, Is.EqualTo(status), text);
        Assert.That(JsonNode.Parse(text)!["error"]!["message"], Is.Not.Null);
    }

    [Test]
    public async Task Batch_HasALimitThatIsNamed()
    {
        var (answer, text) = await PostAsync(Multipart([.. Enumerable.Repeat(Get("Jobs(1)"), 51)]), Type);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(text, Does.Contain("The limit is 50 (OData:MaxBatchRequests)"));
    }
}

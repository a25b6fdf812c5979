using System.Text.Json.Nodes;
using ContainerGroups.Host.ApiTests.OData.Batch;
using ContainerGroups.Tests.Shared;
using Microsoft.OData;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>Batches that the library wrote are answered so that it can read them, and with what each request gets alone.</summary>
internal sealed class LibraryBatchTests(DatabaseKind kind) : BatchFixture(kind)
{
    private const int Rounds = 12;

    [TestCase("multipart/mixed;boundary=\"some boundary\"")]
    [TestCase("application/json")]
    public async Task AnyReads_AreAnsweredAsEachIsAlone(string type)
    {
        var random = new Random(13);
        // The library takes what begins with a dollar for an answer within the batch.
        var urls = QueryTable.All().Select(data => QueryTable.Escaped(((QueryCase)data.Arguments[0]!).Url))
            .Where(url => !url.Contains("now()", StringComparison.Ordinal) && !url.StartsWith('$')).ToArray();
        using var client = new LibraryClient(Root, "admin", ApiServer.Password);
        await client.LearnSchemaAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var asked = random.GetItems(urls, random.Next(1, 20)).ToList();
            var alone = new List<string>();
            foreach (var url in asked.ToList())
            {
                var one = await AskAsync(url);
                // In JSON, the library takes the first error for one of the whole batch.
                if (type == "application/json" && (int)one.Status >= 400)
                {
                    asked.Remove(url);
                }
                else
                {
                    alone.Add($"{(int)one.Status} {Normal(one.Text)}");
                }
            }

            var (answer, _) = await PostAsync(Written(asked, type), type, ("Prefer", "odata.continue-on-error"), ("Accept", type.Split(';')[0]));
            var found = Read(client.Reader(await LibraryMessage.OfAsync(answer)));

            Assert.That(found, Is.EqualTo(alone));
        }
    }

    private byte[] Written(List<string> urls, string type)
    {
        using var body = new MemoryStream();
        var message = new LibraryMessage(200, [("Content-Type", type)], body);
        var settings = new ODataMessageWriterSettings { BaseUri = Root, EnableMessageStreamDisposal = false };
        using var writer = new ODataMessageWriter((IODataRequestMessage)message, settings);
        var batch = writer.CreateODataBatchWriter();
        batch.WriteStartBatch();
        foreach (var (url, i) in urls.Select((url, i) => (url, i)))
        {
            batch.CreateOperationRequestMessage("GET", new Uri(Root, url), FormattableString.Invariant($"{i}"));
        }

        batch.WriteEndBatch();
        return body.ToArray();
    }

    private static List<string> Read(ODataMessageReader reader)
    {
        var found = new List<string>();
        var batch = reader.CreateODataBatchReader();
        while (batch.Read())
        {
            if (batch.State == ODataBatchReaderState.Operation)
            {
                var part = batch.CreateOperationResponseMessage();
                using var body = new StreamReader(part.GetStream());
                found.Add($"{part.StatusCode} {Normal(body.ReadToEnd())}");
            }
        }

        return found;
    }

    /// <summary>In a batch in JSON, the library writes escapes in its own way, and leaves a text its quotes.</summary>
    private static string Normal(string body) => body.StartsWith('{') ? JsonNode.Parse(body)!.ToJsonString() : body.Trim('"');
}

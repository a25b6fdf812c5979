using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData.Batch;

/// <summary>Whatever a batch is made of, the answer is never that the server failed.</summary>
internal sealed class BatchFuzzTests(DatabaseKind kind) : BatchFixture(kind)
{
    private const int Rounds = 200;

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "--b", "--b--", "\r\n", "\r\n\r\n", "\n", "\r", "Content-Type: application/http", "Content-Type: multipart/mixed; boundary=b", "Content-ID: 1", ":", " ", "GET", "POST",
            "Jobs/$count", "$batch", "/odata/", "HTTP/1.1", "\0", "\u00e9", "💥", "\"id\"", "\"dependsOn\":[\"1\"]", "{", "}", "[", "]", ",", "null", "$1", "$query", "?$filter=",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xc3],
    ];

    [TestCase("multipart/mixed; boundary=b")]
    [TestCase("application/json")]
    public async Task AnyBytes_AreAnsweredOrRefused(string type)
    {
        var random = new Random(9);
        var right = type == "application/json"
            ? """{"requests":[{"id":"1","method":"get","url":"Jobs/$count"},{"id":"2","method":"post","url":"Jobs/$query","headers":{"content-type":"text/plain"},"body":"$top=1","dependsOn":["1"]}]}"""u8.ToArray()
            : Multipart(Get("Jobs/$count", "Accept: text/plain\n"), Get("Jobs(1)"), "Content-Type: multipart/mixed; boundary=c\n\n--c\n--c--\n");
        for (var round = 0; round < Rounds; round++)
        {
            var body = Changed(right, random);

            var (answer, text) = await PostAsync(body, type, ("Prefer", "continue-on-error"));

            Assert.That((int)answer.StatusCode, Is.LessThan(500), $"{Encoding.Latin1.GetString(body)}\n{text}");
            Assert.That(text, Does.Not.Contain("InternalError"), Encoding.Latin1.GetString(body));
        }
    }

    private static byte[] Changed(byte[] right, Random random)
    {
        var bytes = right.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            if (random.Next(2) == 0)
            {
                bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
            }

            bytes.InsertRange(Math.Min(at, bytes.Count), Pieces[random.Next(Pieces.Length)]);
        }

        return [.. bytes];
    }
}

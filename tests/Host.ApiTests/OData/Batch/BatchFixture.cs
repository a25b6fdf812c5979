using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData.Batch;

/// <summary>Tests that send batches as bytes.</summary>
internal abstract class BatchFixture(DatabaseKind kind) : ODataFixture(kind)
{
    protected Uri Root => Http.BaseAddress!;

    protected async Task<(HttpResponseMessage Answer, string Text)> PostAsync(
        byte[] body, string contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "$batch") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await Http.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A multipart batch as a person writes it: of whole parts, headers and all.</summary>
    protected static byte[] Multipart(params string[] parts) =>
        Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"--b\n{part}\n")).ReplaceLineEndings("\r\n") + "--b--\r\n");

    /// <summary>A part that is a read.</summary>
    protected static string Get(string url, string headers = "") => $"Content-Type: application/http\n\nGET {url} HTTP/1.1\n{headers}\n\n";

    /// <summary>The answers' statuses, in their order.</summary>
    protected static IEnumerable<int> Statuses(string text) =>
        text.Split("\r\n").Where(line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
}

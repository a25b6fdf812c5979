using System.Text;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>A request of HTTP as it is written: a line of what is asked, headers, an empty line, a body.</summary>
internal static class HttpText
{
    public static BatchPart Read(ReadOnlyMemory<byte> text)
    {
        var rest = text;
        var first = Line(ref rest);
        // Some clients leave a line empty before the request.
        while (first.Length == 0 && rest.Length > 0)
        {
            first = Line(ref rest);
        }

        var (method, url) = Asked(first);
        var headers = new List<(string, string)>();
        while (Line(ref rest) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(colon > 0
                ? (line[..colon].Trim(), line[(colon + 1)..].Trim())
                : throw ODataFault.BadRequest($"\"{line}\" in the batch is no header: it has no name."));
        }

        return new BatchPart(method.ToUpperInvariant(), url) { Headers = headers, Body = rest };
    }

    private static (string Method, string Url) Asked(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0)
        {
            throw ODataFault.BadRequest($"\"{line}\" in the batch is no request: that begins with a method and a URL.");
        }

        var url = line[(space + 1)..].Trim();
        var version = url.LastIndexOf(" HTTP/", StringComparison.Ordinal);
        return (line[..space], version < 0 ? url : url[..version].Trim());
    }

    /// <summary>The text up to the end of the line; empty, too, when there is no more.</summary>
    private static string Line(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return Encoding.UTF8.GetString(line.Span).TrimEnd('\r');
    }
}

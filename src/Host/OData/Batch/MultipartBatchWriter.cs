using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>Answers written out as HTTP has them, one part for each request, in their order.</summary>
internal sealed class MultipartBatchWriter(HttpResponse response) : IBatchWriter
{
    private readonly string _boundary = $"batchresponse_{Guid.NewGuid()}";
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public string ContentType => $"multipart/mixed; boundary={_boundary}";

    public void Start()
    {
    }

    public void Write(BatchPart part, HttpResponse answer, ReadOnlySpan<byte> body)
    {
        Line($"--{_boundary}");
        Line("Content-Type: application/http");
        Line("Content-Transfer-Encoding: binary");
        if (part.Id is { } id)
        {
            Line($"Content-ID: {id}");
        }

        Line("");
        Line(FormattableString.Invariant($"HTTP/1.1 {answer.StatusCode} {ReasonPhrases.GetReasonPhrase(answer.StatusCode)}"));
        foreach (var (name, value) in BatchHeaders.Of(answer))
        {
            Line($"{name}: {value}");
        }

        Line(FormattableString.Invariant($"Content-Length: {body.Length}"));
        Line("");
        _buffer.Write(body);
        Line("");
    }

    public void End() => Line($"--{_boundary}--");

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await response.BodyWriter.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    public void Dispose()
    {
    }

    private void Line(string text) => Encoding.UTF8.GetBytes(text + "\r\n", _buffer);
}

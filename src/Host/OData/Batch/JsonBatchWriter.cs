using ContainerGroups.Host.OData.Answers;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>Answers as one object, each found again by its id.</summary>
internal sealed class JsonBatchWriter(HttpResponse response) : IBatchWriter
{
    private readonly PayloadWriter _payload = new(response, new AnswerFormat());
    private int _written;

    public string ContentType => "application/json;charset=utf-8";

    public void Start()
    {
        _payload.Json.WriteStartObject();
        _payload.Json.WriteStartArray("responses");
    }

    public void Write(BatchPart part, HttpResponse answer, ReadOnlySpan<byte> body)
    {
        var json = _payload.Json;
        json.WriteStartObject();
        // A part of a multipart batch need not have one; the order is that of the requests.
        json.WriteString("id", part.Id ?? FormattableString.Invariant($"{_written}"));
        _written++;
        if (part.Group is { } group)
        {
            json.WriteString("atomicityGroup", group);
        }

        json.WriteNumber("status", answer.StatusCode);
        json.WriteStartObject("headers");
        foreach (var (name, value) in BatchHeaders.Of(answer))
        {
            json.WriteString(name.ToLowerInvariant(), value);
        }

        json.WriteEndObject();
        if (body.Length > 0)
        {
            json.WritePropertyName("body");
            if (BatchHeaders.IsJson(answer))
            {
                json.WriteRawValue(body, skipInputValidation: true);
            }
            else
            {
                json.WriteStringValue(body);
            }
        }

        json.WriteEndObject();
    }

    public void End()
    {
        _payload.Json.WriteEndArray();
        _payload.Json.WriteEndObject();
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _payload.FlushAsync(cancellationToken);

    public void Dispose() => _payload.Dispose();
}

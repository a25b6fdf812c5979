using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace ContainerGroups.Host.Rest;

/// <summary>The JSON object that a client sent. Every text in it is known to be valid.</summary>
internal sealed class RequestBody
{
    private const int MaxDepth = 64;

    /// <summary>Far more than any object needs; archives and the like don't come as JSON.</summary>
    private const int MaxLength = 16 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly Dictionary<string, JsonElement> _members;

    private RequestBody(JsonElement root)
    {
        Root = root;
        _members = root.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
    }

    /// <summary>The whole body as it was sent.</summary>
    public JsonElement Root { get; }

    /// <summary>Whether the body names a field, whatever its value.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    public bool TryGet(string name, out JsonElement value) => _members.TryGetValue(name, out value);

    /// <summary>Puts a text in place of what the body says, or says nothing, of a field.</summary>
    public void Set(string name, string text) => _members[name] = JsonSerializer.SerializeToElement(text);

    /// <summary>Puts a number in place of what the body says, or says nothing, of a field.</summary>
    public void Set(string name, long number) => _members[name] = JsonSerializer.SerializeToElement(number);

    /// <summary>Makes the body say nothing of a field.</summary>
    public void Remove(string name) => _members.Remove(name);

    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(request, cancellationToken);
        if (bytes.Length == 0)
        {
            return Parse("{}"u8.ToArray());
        }

        CheckType(request);
        return Parse(bytes);
    }

    /// <exception cref="ApiException">It is no JSON object.</exception>
    internal static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            throw NotJson("the text is not valid UTF-8");
        }

        try
        {
            // The document is not returned to the pool: parts of it live as long as the request.
            var root = JsonDocument.Parse(bytes, Options).RootElement;
            CheckTexts(root);
            return root.ValueKind == JsonValueKind.Object
                ? new RequestBody(root)
                : throw ApiException.BadRequest("JSON parse error - not a JSON object");
        }
        catch (JsonException e)
        {
            throw NotJson(e.Message);
        }
        catch (InvalidOperationException)
        {
            throw NotJson("a text holds half of a surrogate pair");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxLength)
            {
                throw ApiException.Detail(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {MaxLength} bytes.");
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void CheckType(HttpRequest request)
    {
        var type = (request.ContentType ?? "").Split(';')[0].Trim();
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Detail(
                StatusCodes.Status415UnsupportedMediaType,
                $"Unsupported media type \"{type}\" in request. Send application/json.");
        }
    }

    /// <summary>Reads every text once: an escaped half of a surrogate pair parses, and fails when it is read.</summary>
    private static void CheckTexts(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    CheckTexts(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    CheckTexts(item);
                }

                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }

    private static ApiException NotJson(string reason) =>
        ApiException.BadRequest($"JSON parse error - {reason}\nPossible cause: trailing comma.");
}

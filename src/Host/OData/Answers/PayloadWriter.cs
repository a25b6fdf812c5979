using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ContainerGroups.Host.OData.Binding;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// Writes JSON to the response in pieces. Nothing is sent before the first piece is full, so that what goes wrong early is still
/// answered as an error.
/// </summary>
internal sealed class PayloadWriter(HttpResponse response, AnswerFormat format) : IDisposable
{
    private const int Piece = 32 * 1024;

    // Most answers are far smaller than a piece.
    private const int FirstPiece = 8 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstPiece);
    private Utf8JsonWriter? _json;
    private bool _isBegun;

    public Utf8JsonWriter Json => _json ??= new Utf8JsonWriter(_buffer, Options);

    public AnswerFormat Format => format;

    /// <summary>What was written and not sent.</summary>
    public ReadOnlyMemory<byte> Unsent
    {
        get
        {
            Json.Flush();
            return _buffer.WrittenMemory;
        }
    }

    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        Json.BytesPending + _buffer.WrittenCount < Piece ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _isBegun = true;
        await response.BodyWriter.WriteAsync(Unsent, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Sends the rest. What has room in one piece says how long it is, and needs no end of its own.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!response.HasStarted && !_isBegun)
        {
            response.ContentLength = Unsent.Length;
        }

        return FlushAsync(cancellationToken);
    }

    /// <summary>What an answer begins with, for clients that want to know what it is.</summary>
    public void Context(Uri root, string path, string projection, string suffix = "")
    {
        if (format.Metadata != MetadataLevel.None)
        {
            Json.WriteString("@odata.context", $"{root}$metadata#{path}{(projection.Length == 0 ? "" : $"({projection})")}{suffix}");
        }
    }

    public void Value(EdmPrimitiveTypeKind kind, object? value)
    {
        switch (value)
        {
            case null:
                Json.WriteNullValue();
                break;
            case string text:
                Json.WriteStringValue(text);
                break;
            case long time when kind == EdmPrimitiveTypeKind.TimeOfDay:
                Json.WriteStringValue(Times.Text(time));
                break;
            case long number when format.LongsAreTexts:
                Json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case long number:
                Json.WriteNumberValue(number);
                break;
            case int number:
                Json.WriteNumberValue(number);
                break;
            case bool flag:
                Json.WriteBooleanValue(flag);
                break;
            case double number:
                Number(number);
                break;
            case DateTime moment when kind == EdmPrimitiveTypeKind.Date:
                Json.WriteStringValue(moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case DateTime moment:
                // SQLite's own functions give back moments without their kind; all there are are UTC.
                Json.WriteStringValue(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
                break;
            case Guid id:
                Json.WriteStringValue(id);
                break;
            default:
                throw new InvalidOperationException($"A value of type {value.GetType().Name} has no form.");
        }
    }

    /// <summary>The text of a value, for <c>$value</c>.</summary>
    public static string Text(EdmPrimitiveTypeKind kind, object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime moment when kind == EdmPrimitiveTypeKind.Date => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => JsonSerializer.Serialize(DateTime.SpecifyKind(moment, DateTimeKind.Utc)).Trim('"'),
        double number when !double.IsFinite(number) => Infinite(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public void Dispose() => _json?.Dispose();

    private void Number(double number)
    {
        if (double.IsFinite(number))
        {
            Json.WriteNumberValue(number);
        }
        else
        {
            Json.WriteStringValue(Infinite(number));
        }
    }

    private static string Infinite(double number) => double.IsNaN(number) ? "NaN" : number > 0 ? "INF" : "-INF";
}

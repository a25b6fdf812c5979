using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.OData.Answers;

internal enum AnswerKind
{
    Json,
    Xml,
    Text,
    Multipart,
}

internal enum MetadataLevel
{
    None,
    Minimal,
    Full,
}

/// <summary>How the client wants its answer: <c>$format</c>, else <c>Accept</c>, and <c>Prefer</c>.</summary>
internal sealed record AnswerFormat
{
    private const string Json = "application/json";

    private static readonly Dictionary<string, AnswerKind> OtherKinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/xml"] = AnswerKind.Xml,
        ["text/plain"] = AnswerKind.Text,
        ["text/*"] = AnswerKind.Text,
        ["multipart/mixed"] = AnswerKind.Multipart,
        ["multipart/*"] = AnswerKind.Multipart,
    };

    /// <summary>JSON, unless the client takes only what certain resources have besides it: the schema, a raw value, a batch.</summary>
    public AnswerKind Kind { get; private init; }

    /// <summary>Whether the schema is wanted as JSON: clients that read both mean the form that there has always been.</summary>
    public bool WantsJsonSchema { get; private init; }

    public MetadataLevel Metadata { get; private init; } = MetadataLevel.Minimal;

    /// <summary>Whether 64-bit numbers are texts, for clients whose numbers have fewer digits.</summary>
    public bool LongsAreTexts { get; private init; }

    public bool OmitsNulls { get; private init; }

    /// <summary>Whether values are written as they are, and nothing beside them.</summary>
    public bool IsPlain => Metadata != MetadataLevel.Full && !LongsAreTexts && !OmitsNulls;

    public int? MaxPageSize { get; private init; }

    /// <summary>The same, with no more rows on a page than that.</summary>
    public AnswerFormat AtMost(int rows) => MaxPageSize > rows ? this with { MaxPageSize = rows } : this;

    public string ContentType =>
        $"application/json;odata.metadata={Metadata.ToString().ToLowerInvariant()};odata.streaming=true;IEEE754Compatible={(LongsAreTexts ? "true" : "false")};charset=utf-8";

    /// <summary>Whether a batch goes on behind a request that failed; null when the client does not say.</summary>
    public bool? ContinuesOnError { get; private init; }

    /// <summary>What of the client's preferences the answer follows; empty for none.</summary>
    public string Applied => string.Join(", ", Preferences());

    public static AnswerFormat Of(HttpRequest request, string? format)
    {
        var found = format is not null ? OfOption(format) : OfAccept(request.Headers.Accept);
        var prefer = Preferences(request.Headers["Prefer"]);
        return found with
        {
            OmitsNulls = prefer.GetValueOrDefault("omit-values") == "nulls",
            MaxPageSize = PageSize(Either(prefer, "maxpagesize")),
            ContinuesOnError = Either(prefer, "continue-on-error")?.ToLowerInvariant() switch { null => null, "false" => false, _ => true },
        };
    }

    private static AnswerFormat OfOption(string format) => format.ToLowerInvariant() switch
    {
        "json" => new AnswerFormat { WantsJsonSchema = true },
        "xml" => new AnswerFormat { Kind = AnswerKind.Xml },
        _ => MediaTypeHeaderValue.TryParse(format, out var type) && Of(type) is { } found ? found : throw NotAcceptable($"$format={format}"),
    };

    private static AnswerFormat OfAccept(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var types) || types.Count == 0)
        {
            return new AnswerFormat();
        }

        var known = types.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1).Select(Of).OfType<AnswerFormat>().ToList();
        if (known.Count == 0)
        {
            throw NotAcceptable($"Accept: {accept}");
        }

        var best = known.Find(found => found.Kind == AnswerKind.Json) ?? known[0];
        return best with
        {
            WantsJsonSchema = best.WantsJsonSchema && !known.Exists(found => found.Kind == AnswerKind.Xml || found is { Kind: AnswerKind.Json, WantsJsonSchema: false }),
        };
    }

    private static AnswerFormat? Of(MediaTypeHeaderValue type)
    {
        if (type.MatchesAllTypes || type.MediaType == "application/*")
        {
            return new AnswerFormat();
        }

        if (OtherKinds.TryGetValue(type.MediaType.ToString(), out var kind))
        {
            return new AnswerFormat { Kind = kind };
        }

        if (!type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var level = Parameter(type, "odata.metadata") ?? Parameter(type, "metadata") ?? "minimal";
        return Enum.TryParse<MetadataLevel>(level, ignoreCase: true, out var metadata) && char.IsLetter(level[0])
            ? new AnswerFormat { WantsJsonSchema = true, Metadata = metadata, LongsAreTexts = "true".Equals(Parameter(type, "IEEE754Compatible"), StringComparison.OrdinalIgnoreCase) }
            : null;
    }

    private static string? Parameter(MediaTypeHeaderValue type, string name) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value;

    private static ODataFault NotAcceptable(string wish) => new(
        StatusCodes.Status406NotAcceptable, "NotAcceptable", $"{wish}: answers are JSON (application/json), the schema XML (application/xml) too.");

    private static Dictionary<string, string> Preferences(IList<string?> headers)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in headers.SelectMany(header => (header ?? "").Split(',')))
        {
            var parts = item.Split('=', 2);
            found.TryAdd(parts[0].Trim(), parts.Length > 1 ? parts[1].Trim().Trim('"') : "");
        }

        return found;
    }

    /// <summary>A preference of OData; before 4.01 its name had a prefix.</summary>
    private static string? Either(Dictionary<string, string> preferences, string name) =>
        preferences.GetValueOrDefault(name) ?? preferences.GetValueOrDefault("odata." + name);

    private static int? PageSize(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;

    private IEnumerable<string> Preferences()
    {
        if (MaxPageSize is { } size)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={size}");
        }

        if (OmitsNulls)
        {
            yield return "omit-values=nulls";
        }
    }
}

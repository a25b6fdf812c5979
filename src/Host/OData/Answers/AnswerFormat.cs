using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.OData.Answers;

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

    private const string Xml = "application/xml";

    public bool IsXml { get; private init; }

    /// <summary>Whether the schema is wanted as JSON: clients that read both mean the form that there has always been.</summary>
    public bool WantsJsonSchema { get; private init; }

    public MetadataLevel Metadata { get; private init; } = MetadataLevel.Minimal;

    /// <summary>Whether 64-bit numbers are texts, for clients whose numbers have fewer digits.</summary>
    public bool LongsAreTexts { get; private init; }

    public bool OmitsNulls { get; private init; }

    public int? MaxPageSize { get; private init; }

    public string ContentType =>
        $"application/json;odata.metadata={Metadata.ToString().ToLowerInvariant()};odata.streaming=true;IEEE754Compatible={(LongsAreTexts ? "true" : "false")};charset=utf-8";

    /// <summary>What of the client's preferences the answer follows; empty for none.</summary>
    public string Applied => string.Join(", ", Preferences());

    public static AnswerFormat Of(HttpRequest request)
    {
        var format = request.Query["$format"].FirstOrDefault() ?? request.Query["format"].FirstOrDefault();
        var found = format is not null ? OfOption(format) : OfAccept(request.Headers.Accept);
        var prefer = Preferences(request.Headers["Prefer"]);
        return found with
        {
            OmitsNulls = prefer.GetValueOrDefault("omit-values") == "nulls",
            MaxPageSize = PageSize(prefer.GetValueOrDefault("odata.maxpagesize") ?? prefer.GetValueOrDefault("maxpagesize")),
        };
    }

    private static AnswerFormat OfOption(string format) => format.ToLowerInvariant() switch
    {
        "json" => new AnswerFormat { WantsJsonSchema = true },
        "xml" => new AnswerFormat { IsXml = true },
        _ => MediaTypeHeaderValue.TryParse(format, out var type) && Of(type) is { } found ? found : throw NotAcceptable($"$format={format}"),
    };

    private static AnswerFormat OfAccept(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var types) || types.Count == 0)
        {
            return new AnswerFormat();
        }

        var best = types.OrderByDescending(type => type.Quality ?? 1).Where(type => type.Quality is not 0).Select(Of).FirstOrDefault(found => found is not null);
        return best is null
            ? throw NotAcceptable($"Accept: {accept}")
            : best with { WantsJsonSchema = best.WantsJsonSchema && !types.Any(type => type.MatchesAllTypes || Of(type) is { IsXml: true }) };
    }

    private static AnswerFormat? Of(MediaTypeHeaderValue type)
    {
        if (type.MatchesAllTypes || type.MediaType == "application/*")
        {
            return new AnswerFormat();
        }

        if (type.MediaType.Equals(Xml, StringComparison.OrdinalIgnoreCase))
        {
            return new AnswerFormat { IsXml = true };
        }

        if (!type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var level = Parameter(type, "odata.metadata") ?? Parameter(type, "metadata") ?? "minimal";
        return Enum.TryParse<MetadataLevel>(level, ignoreCase: true, out var metadata) && char.IsLetter(level[0])
            ? new AnswerFormat { WantsJsonSchema = true, Metadata = metadata, LongsAreTexts = Parameter(type, "IEEE754Compatible") is "true" }
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

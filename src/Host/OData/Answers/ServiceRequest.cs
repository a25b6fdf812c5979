using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>One request under way, taken apart: where the service is, and what is asked of it, as it was written.</summary>
internal sealed record ServiceRequest(HttpContext Http, Uri Root, string Path, string Query, AnswerFormat Format)
{
    public const string Prefix = "/odata";

    private static readonly string[] Supported =
    [
        "$filter", "$search", "$orderby", "$top", "$skip", "$count", "$select", "$expand", "$compute", "$apply", "$skiptoken", "$format", "$id", "$schemaversion",
    ];

    /// <summary>The query's system options in use, with their dollar, whether it was written or not.</summary>
    public IReadOnlyList<string> Options => [.. Keys(Query)];

    public Uri Uri => new(Root, Path + (Query.Length == 0 ? "" : "?" + Query));

    public static ServiceRequest Of(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var whole = target is { Length: > 0 } && target[0] == '/' ? target : http.Request.Path + http.Request.QueryString.Value;
        var parts = whole.Split('?', 2);
        return Of(http, PathOf(parts[0]), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>What the path of a URL asks of the service: the part below it.</summary>
    public static string PathOf(string path) => path.Length > Prefix.Length ? path[Prefix.Length..].TrimStart('/') : "";

    public static ServiceRequest Of(HttpContext http, string path, string query)
    {
        var root = new Uri($"{http.Request.Scheme}://{http.Request.Host}{Prefix}/");
        var request = new ServiceRequest(http, root, path, query, new AnswerFormat());
        request = request with { Format = AnswerFormat.Of(http.Request, request.Option("$format")) };
        if (request.Options.FirstOrDefault(option => !Supported.Contains(option)) is { } unknown)
        {
            throw ODataFault.NotImplemented(unknown, "this service does not know this query option.");
        }

        return request.Option("$schemaversion") is null or "*"
            ? request
            : throw ODataFault.NotFound("There is no such version of the schema: it has none, and only the current one (*) is kept.");
    }

    /// <summary>Refuses options that mean nothing where they are given.</summary>
    public void Allow(string where, params string[] options)
    {
        if (Options.FirstOrDefault(option => option is not ("$format" or "$schemaversion") && !options.Contains(option)) is { } wrong)
        {
            throw ODataFault.BadRequest($"{wrong} can't be applied to {where}.", wrong);
        }
    }

    /// <summary>The same request for another path, without an option that has served its purpose.</summary>
    public ServiceRequest At(string path, string withoutOption) => this with { Path = path, Query = QueryWithout(withoutOption) };

    public string QueryWithout(string option) =>
        string.Join('&', Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => Key(pair) != option));

    /// <summary>The same request with an option written otherwise.</summary>
    public ServiceRequest With(string option, string value) => this with
    {
        Query = string.Join('&', Query.Split('&').Select(pair => Key(pair) == option ? $"{option}={Uri.EscapeDataString(value)}" : pair)),
    };

    /// <summary>The same query with another place to begin.</summary>
    public string NextLink(string token, int? left)
    {
        var kept = Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => Key(pair) is not ("$skiptoken" or "$skip" or "$top")).ToList();
        if (left is { } top)
        {
            kept.Add(FormattableString.Invariant($"$top={top}"));
        }

        kept.Add("$skiptoken=" + token);
        return new Uri(Root, $"{Path}?{string.Join('&', kept)}").AbsoluteUri;
    }

    /// <summary>An option's value as it was written, decoded; null when it is not there.</summary>
    public string? Option(string name)
    {
        foreach (var pair in Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Key(pair) == name)
            {
                return Decode(pair.Contains('=', StringComparison.Ordinal) ? pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..] : "");
            }
        }

        return null;
    }

    private static IEnumerable<string> Keys(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Key).Where(key => key.StartsWith('$'));

    public static string Key(string pair)
    {
        var name = Decode(pair.Split('=', 2)[0]).Trim().ToLowerInvariant();
        return Supported.Contains("$" + name) ? "$" + name : name;
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

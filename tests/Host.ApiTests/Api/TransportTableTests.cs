using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>What a client may send, and what comes back, one row each: authentication, headers, types, bodies, slashes.</summary>
internal sealed class TransportTableTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string NobodyKnown = "Authentication credentials were not provided. To establish a login session, visit /api/login/.";

    private const string Challenge = "Bearer realm=api authorization_url=/api/o/authorize/";

    private const string NotAcceptable = "Could not satisfy the request Accept header.";

    private static readonly Row[] Rows =
    [
        // Who asks.
        new("GET me/", 401) { Anonymous = true, Detail = NobodyKnown, Header = ("WWW-Authenticate", Challenge) },
        new("POST teams/", 401) { Anonymous = true, Body = "{}", Detail = NobodyKnown, Header = ("WWW-Authenticate", Challenge) },
        new("GET teams/nobody++nowhere/", 401) { Anonymous = true, Detail = NobodyKnown },
        new("GET teams/nobody++nowhere/", 404) { Detail = "No Team matches the given query." },
        new("GET me/", 401) { Authorization = "Basic bm9ib2R5Ong=", Detail = "Invalid username/password.", Header = ("WWW-Authenticate", Challenge) },
        new("GET me/", 401) { Authorization = "Basic ???", Detail = "Invalid basic header. Credentials not correctly base64 encoded." },
        new("GET me/", 401) { Authorization = "Bearer unknown", Detail = "Invalid token.", Header = ("WWW-Authenticate", Challenge) },
        new("GET me/", 401) { Authorization = "bearer", Detail = "Invalid token." },
        new("GET me/", 401) { Authorization = "Digest x", Detail = NobodyKnown },
        new("GET ping/", 200) { Anonymous = true },
        new("GET /api/", 200) { Anonymous = true },
        new("GET /api/v2/", 200) { Anonymous = true },
        new("GET config/", 401) { Anonymous = true, Detail = NobodyKnown },

        // Headers.
        new("GET teams/", 200) { Header = ("X-API-Product-Name", "AWX") },
        new("GET ping/", 200) { Anonymous = true, Header = ("X-API-Product-Name", "AWX") },
        new("GET me/", 401) { Anonymous = true, Header = ("X-API-Product-Name", "AWX") },
        new("GET teams/", 200) { Header = ("X-API-Node", ApiServer.Hostname) },
        new("GET teams/", 200) { HeaderLike = ("X-API-Product-Version", @"^\d+\.\d+\.\d+") },
        new("GET ping/", 200) { HeaderLike = ("X-API-Product-Version", @"^\d+\.\d+\.\d+") },
        new("GET ping/", 200) { Anonymous = true, NoHeader = "X-API-Product-Version" },
        new("GET teams/", 200) { HeaderLike = ("X-API-Time", @"^\d+\.\d{3}s$") },
        new("GET teams/", 200) { Header = ("Allow", "GET, POST, HEAD, OPTIONS") },
        new("GET teams/999999/", 404) { Header = ("Allow", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS") },
        new("OPTIONS teams/999999/", 200) { Header = ("Allow", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS") },
        new("OPTIONS instances/999999/", 200) { Header = ("Allow", "GET, PUT, PATCH, HEAD, OPTIONS") },
        new("GET dashboard/", 200) { HeaderLike = ("Warning", "^299 awx \"This resource has been deprecated") },
        new("GET teams/", 200) { NoHeader = "Warning" },
        new("GET teams/", 200) { Send = [("Origin", "https://elsewhere.example")], NoHeader = "Access-Control-Allow-Origin" },
        new("GET teams/", 200) { Header = ("X-Content-Type-Options", "nosniff") },
        new("GET teams/", 200) { HeaderLike = ("Content-Security-Policy", "frame-ancestors 'none'") },
        new("GET teams/", 200) { Header = ("Referrer-Policy", "no-referrer") },
        new("GET teams/", 200) { NoHeader = "Strict-Transport-Security" },
        new("GET teams/", 200) { NoHeader = "Server" },

        // Types.
        new("GET teams/", 200) { Header = ("Content-Type", "application/json") },
        new("GET teams/", 200) { Send = [("Accept", "application/json")], Header = ("Content-Type", "application/json") },
        new("GET teams/", 200) { Send = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")], Header = ("Content-Type", "application/json") },
        new("GET teams/", 406) { Send = [("Accept", "application/yaml")], Detail = NotAcceptable },
        new("GET teams/", 406) { Send = [("Accept", "application/json;q=0, image/png")], Detail = NotAcceptable },
        new("GET teams/", 200) { Send = [("Accept", "nonsense")] },
        new("POST teams/", 415) { Body = "name: x", ContentType = "text/plain", DetailStart = "Unsupported media type \"text/plain\" in request." },
        new("POST teams/", 415) { Body = "name=x", ContentType = "application/x-www-form-urlencoded", DetailStart = "Unsupported media type \"application/x-www-form-urlencoded\" in request." },
        new("POST teams/", 415) { Body = "name: x", ContentType = "application/yaml", DetailStart = "Unsupported media type \"application/yaml\" in request." },
        new("POST teams/", 400) { Body = "{}", ContentType = "application/json; charset=utf-8", Fault = "name" },

        // Bodies.
        new("POST teams/", 400) { Body = "", Fault = "name" },
        new("POST teams/", 400) { Fault = "name" },
        new("POST teams/", 400) { Body = "[]", Detail = "JSON parse error - not a JSON object" },
        new("POST teams/", 400) { Body = "\"name\"", Detail = "JSON parse error - not a JSON object" },
        new("POST teams/", 400) { Body = "null", Detail = "JSON parse error - not a JSON object" },
        new("POST teams/", 400) { Body = "{\"name\":\"x\",}", DetailStart = "JSON parse error - ", DetailEnd = "\nPossible cause: trailing comma." },
        new("POST teams/", 400) { Body = "{", DetailStart = "JSON parse error - ", DetailEnd = "\nPossible cause: trailing comma." },
        // Asked first, as clients do with long bodies, the server needn't cut off what is being sent.
        new("POST teams/", 413) { Body = new string(' ', (16 << 20) + 1), Send = [("Expect", "100-continue")], DetailStart = "Request body too large." },
        new("POST /api/login/", 413) { Body = "username=" + new string('x', 70_000), ContentType = "application/x-www-form-urlencoded", DetailStart = "Request body too large." },
        new("POST /api/o/token/", 400) { Body = string.Join('&', Enumerable.Range(0, 2000).Select(i => $"a{i}=b")), ContentType = "application/x-www-form-urlencoded", DetailStart = "The form can't be read" },

        // Slashes and URLs.
        new("GET instance_groups", 200),
        new("GET instance_groups/1", 200),
        new("GET unified_jobs", 200),
        new("GET /api", 200) { Anonymous = true },
        new("GET /api/v2", 200) { Anonymous = true },
        new("GET nothing/", 404) { Detail = "The requested resource could not be found." },
        new("GET /api/v3/", 404) { Detail = "The requested resource could not be found." },
        new("POST /api/gateway/v1/tokens/", 404) { Body = "{}", Detail = "The requested resource could not be found." },
        new("GET workflow_job_templates/", 404) { Detail = "The requested resource could not be found." },
        new("GET /api/o/authorize/", 404) { Detail = "The requested resource could not be found." },
        new("DELETE instances/1/", 405) { Detail = "Method \"DELETE\" not allowed." },
        new("POST me/", 405) { Body = "{}", Detail = "Method \"POST\" not allowed." },
        new("PUT /api/login/", 405) { Body = "{}", Detail = "Method \"PUT\" not allowed." },
        new("GET /api/o/token/", 405) { Detail = "Method \"GET\" not allowed." },
    ];

    [TestCaseSource(nameof(Rows))]
    public async Task Row_IsAnsweredAsWritten(Row row)
    {
        using var client = new TestBrowser(Server.Address);
        var authorization = row.Authorization ?? (row.Anonymous ? null : Basic("admin", ApiServer.Password));
        var headers = row.Send.Concat(authorization is null ? [] : [("Authorization", authorization)]).ToArray();
        var content = row.Body is null ? null : new StringContent(row.Body, Encoding.UTF8, "text/x");
        content?.Headers.Remove("Content-Type");
        content?.Headers.TryAddWithoutValidation("Content-Type", row.ContentType);

        var answer = await client.SendAsync(HttpMethod.Parse(row.Method), row.Path, content, headers);

        Assert.That((int)answer.Status, Is.EqualTo(row.Status), answer.Text);
        Check(row, answer);
    }

    private static void Check(Row row, ApiAnswer answer)
    {
        if (row.Header is { } header)
        {
            Assert.That(answer.Headers.GetValueOrDefault(header.Name)?.Replace('\n', ','), Is.EqualTo(header.Value).Or.EqualTo(header.Value.Replace(", ", ",", StringComparison.Ordinal)));
        }

        if (row.HeaderLike is { } like)
        {
            Assert.That(answer.Headers.GetValueOrDefault(like.Name), Does.Match(like.Pattern));
        }

        if (row.NoHeader is { } absent)
        {
            Assert.That(answer.Headers, Does.Not.ContainKey(absent));
        }

        if (row.Detail is { } detail)
        {
            Assert.That(answer["detail"]!.ToString(), Is.EqualTo(detail));
        }

        if (row.DetailStart is { } start)
        {
            Assert.That(answer["detail"]!.ToString(), Does.StartWith(start).And.EndWith(row.DetailEnd));
        }

        if (row.Fault is { } field)
        {
            Assert.That(answer.Error(field), Is.EqualTo("This field is required."));
        }
    }

    private static string Basic(string username, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}";

    /// <summary>A request, by the administrator unless it says otherwise, and what has to come back.</summary>
    internal sealed record Row(string Request, int Status)
    {
        public string Method => Request.Split(' ')[0];

        public string Path => Request.Split(' ')[1];

        public bool Anonymous { get; init; }

        public string? Authorization { get; init; }

        public (string Name, string Value)[] Send { get; init; } = [];

        public string? Body { get; init; }

        public string ContentType { get; init; } = "application/json";

        public (string Name, string Value)? Header { get; init; }

        public (string Name, string Pattern)? HeaderLike { get; init; }

        public string? NoHeader { get; init; }

        public string? Detail { get; init; }

        public string? DetailStart { get; init; }

        public string DetailEnd { get; init; } = "";

        public string? Fault { get; init; }

        public override string ToString() =>
            $"{Request} {Status} {(Anonymous ? "anonymous" : Authorization)} {Send.FirstOrDefault()} {Clip(Body)} {Header} {HeaderLike} {NoHeader} {ContentType}";

        private static string? Clip(string? text) => text is { Length: > 20 } ? text[..20] : text;
    }
}

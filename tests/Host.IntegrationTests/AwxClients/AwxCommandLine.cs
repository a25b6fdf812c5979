using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.AwxClients;

/// <summary>
/// AWX's command line as the server sees it: for each command the requests that awxkit of AWX 24 makes, in its order, with its headers.
/// What it learns from an answer it learns here too: the resources from the root, actions and fields from OPTIONS, the rest from
/// <c>related</c>. (Its modules cli/client, cli/options, cli/custom, cli/stdout, api/client and api/pages/page.)
/// </summary>
/// <param name="address">The server.</param>
/// <param name="token">What <c>--conf.token</c> holds; null to log in with a session.</param>
/// <param name="password">The administrator's, for a session.</param>
internal sealed class AwxCommandLine(Uri address, string? token, string password) : IDisposable
{
    private readonly List<TestBrowser> _commands = [];

    /// <summary><c>awx RESOURCE list --FIELD VALUE …</c></summary>
    public async Task<ApiAnswer> ListAsync(string resource, params (string Field, string Value)[] filters)
    {
        var command = await BeginAsync(resource);
        foreach (var (field, _) in filters)
        {
            var described = command.Fields("GET")[field] ?? throw new AssertionException($"awx {resource} list has no --{field}.");
            Assert.That((bool?)described["filterable"], Is.Not.False, field);
        }

        return await GetAsync(command, command.Endpoint + Query(filters));
    }

    /// <summary><c>awx RESOURCE get ID-OR-NAME</c></summary>
    public async Task<ApiAnswer> GetAsync(string resource, string idOrName)
    {
        var command = await BeginAsync(resource);
        return await GetAsync(command, await DetailAsync(command, idOrName));
    }

    /// <summary><c>awx RESOURCE create --FIELD VALUE …</c></summary>
    public async Task<ApiAnswer> CreateAsync(string resource, params (string Field, string Value)[] options)
    {
        var command = await BeginAsync(resource);
        var required = command.Fields("POST").Where(field => (bool?)field.Value!["required"] is true).Select(field => field.Key);
        Assert.That(options.Select(option => option.Field), Is.SupersetOf(required), $"awx {resource} create asks for these");
        return await UnsafeAsync(command, HttpMethod.Post, command.Endpoint, await BodyAsync(command, options));
    }

    /// <summary><c>awx RESOURCE modify ID-OR-NAME --FIELD VALUE …</c></summary>
    public async Task<ApiAnswer> ModifyAsync(string resource, string idOrName, params (string Field, string Value)[] options)
    {
        var command = await BeginAsync(resource);
        Assert.That(command.Allowed, Does.Contain("PUT"), "without it there is no modify");
        return await UnsafeAsync(command, HttpMethod.Patch, await DetailAsync(command, idOrName), await BodyAsync(command, options));
    }

    /// <summary><c>awx RESOURCE delete ID-OR-NAME</c></summary>
    public async Task<ApiAnswer> DeleteAsync(string resource, string idOrName)
    {
        var command = await BeginAsync(resource);
        Assert.That(command.Allowed, Does.Contain("DELETE"), "without it there is no delete");
        return await UnsafeAsync(command, HttpMethod.Delete, await DetailAsync(command, idOrName), null);
    }

    /// <summary><c>awx RESOURCE associate ID-OR-NAME --credential ID</c>; the option names the list below the resource.</summary>
    public async Task<ApiAnswer> AssociateAsync(string resource, string idOrName, string endpoint, long id)
    {
        var command = await BeginAsync(resource);
        var page = await GetAsync(command, await DetailAsync(command, idOrName));
        var answer = await UnsafeAsync(
            command, HttpMethod.Post, Related(page, endpoint), new JsonObject { ["id"] = id, ["associate"] = true });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NoContent), answer.Text);
        page = await GetAsync(command, page["url"]!.ToString());
        return await GetAsync(command, Related(page, endpoint));
    }

    /// <summary><c>awx job_templates launch ID-OR-NAME --monitor --FIELD VALUE …</c></summary>
    /// <returns>The job's first answer, what was printed of its output, and its status at the end.</returns>
    public async Task<(ApiAnswer Job, string Printed, string Status)> LaunchAsync(
        string idOrName, params (string Field, string Value)[] options)
    {
        var command = await BeginAsync("job_templates");

        // It asks template 1 what can be said at launch; without one it offers nothing.
        var launch = await command.SendAsync(HttpMethod.Options, command.Endpoint + "1/launch/");
        var fields = launch.Status == HttpStatusCode.OK ? launch["actions"]!["POST"]!.AsObject() : [];
        var detail = await DetailAsync(command, idOrName);
        var body = await BodyAsync(command, fields, options);
        var template = await GetAsync(command, detail);
        var job = await UnsafeAsync(command, HttpMethod.Post, Related(template, "launch"), body);
        Assert.That(job.Status, Is.EqualTo(HttpStatusCode.Created), job.Text);
        Assert.That((string?)job["type"], Is.EqualTo("job"), "by it the events are found");
        var (printed, status) = await MonitorAsync(command, job);
        return (job, printed, status);
    }

    /// <summary><c>awx ad_hoc_commands create --FIELD VALUE … --monitor</c></summary>
    /// <returns>The command's first answer, what was printed of its output, and its status at the end.</returns>
    public async Task<(ApiAnswer Command, string Printed, string Status)> RunModuleAsync(params (string Field, string Value)[] options)
    {
        var command = await BeginAsync("ad_hoc_commands");

        // What can be said is asked once more, as at the launch of a template.
        var fields = (await command.SendAsync(HttpMethod.Options, command.Endpoint))["actions"]!["POST"]!.AsObject();
        var made = await UnsafeAsync(command, HttpMethod.Post, command.Endpoint, await BodyAsync(command, fields, options));
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        var (printed, status) = await MonitorAsync(command, made);
        return (made, printed, status);
    }

    /// <summary><c>awx jobs stdout ID</c></summary>
    public async Task<string> StdoutAsync(long job, string resource = "jobs")
    {
        var command = await BeginAsync(resource);
        var page = await GetAsync(command, $"{command.Endpoint}{job}/");
        return (await GetAsync(command, Related(page, "stdout") + "?format=txt_download")).Text;
    }

    public void Dispose() => _commands.ForEach(command => command.Dispose());

    /// <summary>
    /// What every command begins with. It is a process of its own, so it has no cookies yet: the roots, the login, and OPTIONS of the
    /// resource and of its first row, whether there is one or not, for the methods in <c>Allow</c>.
    /// </summary>
    private async Task<Command> BeginAsync(string resource)
    {
        var browser = new TestBrowser(address);
        _commands.Add(browser);
        var root = await browser.SendAsync(HttpMethod.Get, "/api/");
        var v2 = await browser.SendAsync(HttpMethod.Get, root["available_versions"]!["v2"]!.ToString());
        if (token is null)
        {
            var login = await browser.LoginAsync("admin", password);
            Assert.That(login.Status, Is.EqualTo(HttpStatusCode.Found), login.Text);
            var cookie = login.Headers["X-API-Session-Cookie-Name"];
            Assert.That(browser.Cookie(cookie), Is.Not.Null, "it takes the session from the cookie of that name");
            await browser.SendAsync(HttpMethod.Get, login.Headers["Location"]);
            await browser.SendAsync(HttpMethod.Get, "/api/");
        }

        var command = new Command(browser, token, v2, resource);
        await command.LearnAsync();
        return command;
    }

    /// <summary>An id as it is; a name by a query that must find one row.</summary>
    private static async Task<long> IdAsync(Command command, string resource, string idOrName)
    {
        if (idOrName.All(char.IsAsciiDigit))
        {
            return long.Parse(idOrName, CultureInfo.InvariantCulture);
        }

        var identity = resource switch { "users" or "me" => "username", "instances" => "hostname", _ => "name" };
        var found = await GetAsync(command, command.EndpointOf(resource) + Query([(identity, idOrName)]));
        Assert.That((int?)found["count"], Is.EqualTo(1), $"{resource} with the {identity} {idOrName}");
        return (long)found["results"]![0]!["id"]!;
    }

    private static async Task<string> DetailAsync(Command command, string idOrName) =>
        $"{command.Endpoint}{await IdAsync(command, command.Resource, idOrName)}/";

    private static Task<JsonObject> BodyAsync(Command command, (string Field, string Value)[] options) =>
        BodyAsync(command, command.Fields("POST"), options);

    /// <summary>Turns texts into what OPTIONS says of the fields, as the command line does it.</summary>
    private static async Task<JsonObject> BodyAsync(Command command, JsonObject fields, (string Field, string Value)[] options)
    {
        var body = new JsonObject();
        foreach (var (name, value) in options)
        {
            var field = fields[name] ?? throw new AssertionException($"awx {command.Resource} has no --{name}.");
            if (field["choices"] is JsonArray { Count: > 0 } choices)
            {
                Assert.That(choices.Select(choice => choice![0]?.ToString()), Does.Contain(value), name);
            }

            body[name] = (string?)field["type"] switch
            {
                "integer" or "field" => int.Parse(value, CultureInfo.InvariantCulture),
                "boolean" => value is "true" or "yes" or "1" ? 1 : 0,
                "id" => await IdAsync(command, command.ResourceOf(name), value),
                "json" => JsonNode.Parse(value),
                _ when command.Resource is "job_templates" && name is "extra_vars" => JsonNode.Parse(value)!.ToJsonString(),
                _ => value,
            };
        }

        return body;
    }

    /// <summary>Prints events as they come in order of their lines, and looks at the job after each look at the events.</summary>
    private static async Task<(string Printed, string Status)> MonitorAsync(Command command, ApiAnswer job)
    {
        var (printed, next, url) = (new List<string>(), 0L, job["url"]!.ToString());
        var list = (string?)job["type"] == "job" ? "job_events" : "events";
        await Eventually.BeAsync(
            async () =>
            {
                await FetchAsync();
                var now = await GetAsync(command, url);
                return (bool?)now["event_processing_finished"] is true || (string?)now["status"] is "error" or "canceled";
            },
            "the job has ended and its events are stored",
            TimeSpan.FromSeconds(120));
        await FetchAsync();
        return (string.Join('\n', printed), (await GetAsync(command, url))["status"]!.ToString());

        async Task FetchAsync()
        {
            List<(string, string)> query = [("order_by", "start_line"), ("no_truncate", "True")];
            if (next > 0)
            {
                query.Add(("start_line__gte", $"{next}"));
            }

            var events = await GetAsync(command, Related(job, list) + Query([.. query]));
            foreach (var row in events["results"]!.AsArray().Where(row => (long)row!["start_line"]! == next))
            {
                if (row!["stdout"]!.ToString() is { Length: > 0 } stdout)
                {
                    printed.Add(stdout);
                }

                next = (long)row["end_line"]!;
            }
        }
    }

    private static string Related(ApiAnswer page, string name) =>
        page["related"]![name]?.ToString() ?? throw new AssertionException($"{page["url"]} has no related {name}.");

    private static string Query((string, string)[] parameters) => parameters.Length == 0
        ? ""
        : "?" + string.Join('&', parameters.Select(pair => $"{pair.Item1}={WebUtility.UrlEncode(pair.Item2)}"));

    private static async Task<ApiAnswer> GetAsync(Command command, string path)
    {
        var answer = await command.SendAsync(HttpMethod.Get, path);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {answer.Text}");
        return answer;
    }

    private static Task<ApiAnswer> UnsafeAsync(Command command, HttpMethod method, string path, JsonObject? body) =>
        command.SendAsync(method, path, body?.ToJsonString());

    /// <summary>One run of the program.</summary>
    private sealed class Command(TestBrowser browser, string? token, ApiAnswer v2, string resource)
    {
        private JsonObject _actions = [];

        public string Resource => resource;

        public string Endpoint => EndpointOf(resource);

        public IReadOnlyList<string> Allowed { get; private set; } = [];

        public string EndpointOf(string name) => v2[name]?.ToString() ?? throw new AssertionException($"awx has no resource {name}.");

        /// <summary>The resource to which a field refers: its own name, or the one whose old name it is.</summary>
        public string ResourceOf(string field) => v2[field] is not null ? field : $"{field}s";

        public JsonObject Fields(string method) =>
            _actions[method]?.AsObject() ?? throw new AssertionException($"OPTIONS of {resource} has no {method}.");

        public async Task LearnAsync()
        {
            _actions = (await SendAsync(HttpMethod.Options, Endpoint))["actions"]!.AsObject();

            // Without a slash at its end, and whatever the status.
            var first = await SendAsync(HttpMethod.Options, Endpoint + "1");
            if (first.Status == HttpStatusCode.MovedPermanently)
            {
                first = await SendAsync(HttpMethod.Options, first.Headers["Location"]);
            }

            Allowed = first.Headers["Allow"].Split('\n');
        }

        public Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? json = null)
        {
            List<(string, string)> headers = [("Accept", "*/*")];
            if (method == HttpMethod.Post || method == HttpMethod.Patch || method == HttpMethod.Delete)
            {
                headers.AddRange(browser.CsrfHeaders());
            }

            if (token is not null)
            {
                headers.Add(("Authorization", $"Bearer {token}"));
            }

            return browser.SendAsync(method, path, json is null ? null : new StringContent(json, null, "application/json"), [.. headers]);
        }
    }
}

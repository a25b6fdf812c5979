using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Headers, versions, forms of answers: what OData asks of a service around its queries.</summary>
internal sealed class ProtocolTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCase("")]
    [TestCase("/")]
    public async Task ServiceDocument_NamesEverySet(string end)
    {
        var answer = await Admin.GetAsync("/odata" + end);

        Assert.That(answer.Json["value"]!.AsArray().Select(set => (string?)set!["name"]), Is.EquivalentTo((string[])
        [
            "Organizations", "InstanceGroups", "Instances", "ExecutionEnvironments", "CredentialTypes", "Credentials", "Plugins", "Projects",
            "Inventories", "Hosts", "JobTemplates", "Jobs", "JobEvents", "JobHostSummaries", "JobPhases",
            "Schedules", "Labels", "ActivityStream",
        ]));
        Assert.That((string?)answer["@odata.context"], Does.EndWith("/odata/$metadata"));
    }

    [TestCase("none", new string[0])]
    [TestCase("minimal", new[] { "@odata.context" })]
    [TestCase("full", new[] { "@odata.context", "@odata.type", "@odata.id", "@odata.readLink", "Events@odata.navigationLink", "Started@odata.type" })]
    public async Task MetadataLevel_DecidesWhatIsAnnotated(string level, string[] annotations)
    {
        using var answer = await SendAsync("Jobs(1)", ("Accept", $"application/json;odata.metadata={level}"));

        var json = await JsonAsync(answer);
        Assert.That(annotations.Where(name => !json.AsObject().ContainsKey(name)), Is.Empty);
        Assert.That(json.AsObject().Any(pair => pair.Key.Contains('@', StringComparison.Ordinal)), Is.EqualTo(annotations.Length > 0));
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Does.Contain($"odata.metadata={level}"));
        Assert.That(answer.Headers.GetValues("OData-Version"), Is.EqualTo((string[])["4.0"]));
    }

    [TestCase("Jobs?$format=json", HttpStatusCode.OK)]
    [TestCase("Jobs?$format=application/json;odata.metadata=none", HttpStatusCode.OK)]
    [TestCase("Jobs?$format=xml", HttpStatusCode.NotAcceptable)]
    [TestCase("Jobs?$format=atom", HttpStatusCode.NotAcceptable)]
    [TestCase("$metadata?$format=xml", HttpStatusCode.OK)]
    public async Task Format_IsTakenFromTheQuery(string url, HttpStatusCode status) => Assert.That((await AskAsync(url)).Status, Is.EqualTo(status));

    [Test]
    public async Task LongNumbers_AreTextsForWhoAsksForThat()
    {
        using var answer = await SendAsync("Jobs(1)?$select=Id,Forks", ("Accept", "application/json;IEEE754Compatible=true"));

        Assert.That((await JsonAsync(answer)).ToJsonString(), Does.Contain("\"Id\":\"1\",\"Forks\":5"));
    }

    [TestCase("OData-MaxVersion", "4.0", HttpStatusCode.OK)]
    [TestCase("OData-MaxVersion", "4.01", HttpStatusCode.OK)]
    [TestCase("OData-MaxVersion", "3.0", HttpStatusCode.BadRequest)]
    [TestCase("OData-Version", "4.01", HttpStatusCode.OK)]
    [TestCase("OData-Version", "5.0", HttpStatusCode.BadRequest)]
    public async Task Versions_AreNegotiated(string header, string version, HttpStatusCode status)
    {
        using var answer = await SendAsync("Jobs?$top=1", (header, version));

        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Tag_ThatIsKnown_SparesTheBody()
    {
        using var first = await SendAsync("Jobs(1)");
        var tag = first.Headers.ETag!.ToString();
        using var again = await SendAsync("Jobs(1)", ("If-None-Match", tag));
        using var other = await SendAsync("Jobs(2)", ("If-None-Match", tag));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.Empty);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Preferences_AreFollowedAndSaid()
    {
        using var answer = await SendAsync("Jobs?$select=Id,Started&$filter=Id ge 4", ("Prefer", "odata.maxpagesize=2, omit-values=nulls"));

        Assert.That(answer.Headers.GetValues("Preference-Applied").Single(), Is.EqualTo("odata.maxpagesize=2, omit-values=nulls"));
        var json = await JsonAsync(answer);
        Assert.That(json["value"]!.ToJsonString(), Is.EqualTo("""[{"Id":4},{"Id":5,"Started":"2026-02-28T08:30:00Z"}]"""));
        Assert.That((string?)json["@odata.nextLink"], Does.Contain("$skiptoken="));
    }

    [Test]
    public async Task Head_HasNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "Jobs");
        using var answer = await Http.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
    }

    [TestCase("POST")]
    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task Writing_IsRefused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "Jobs(1)");
        using var answer = await Http.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(answer.Content.Headers.Allow, Is.EqualTo((string[])["GET", "HEAD"]));
    }

    [Test]
    public async Task Stranger_IsAskedWhoTheyAre()
    {
        using var stranger = Server.Client(null);

        var answer = await stranger.GetAsync("/odata/Jobs");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Basic"));
        Assert.That((string?)answer["error"]!["code"], Is.EqualTo("Unauthorized"));
    }

    [Test]
    public async Task SyntaxError_TellsWhere()
    {
        var answer = await AskAsync("Jobs?$filter=Name%20eq%20'x'%20and");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)answer["error"]!["message"], Does.Contain("at position 15 in 'Name eq 'x' and'"));
    }

    [TestCase("$filter=Name%20eq%20(", "at position 9 in 'Name eq ('")]
    [TestCase("$orderby=Id%20foo", "at position 6 in 'Id foo'")]
    [TestCase("$apply=groupby((Status)", "at position 16 in 'groupby((Status)'")]
    [TestCase("$search=a%20AND", "at position 5 in 'a AND'")]
    [TestCase("$expand=Events($filter=Failed%20eq)", "at position 9 in 'Failed eq'")]
    public async Task SyntaxError_TellsWhere_InEveryOption(string query, string place) =>
        Assert.That((string?)(await AskAsync("Jobs?" + query))["error"]!["message"], Does.Contain(place));

    [TestCase("Jobs(1)/Name/$value", HttpStatusCode.OK)]
    [TestCase("Jobs/$count", HttpStatusCode.OK)]
    [TestCase("Jobs(1)", HttpStatusCode.NotAcceptable)]
    [TestCase("", HttpStatusCode.NotAcceptable)]
    [TestCase("$metadata", HttpStatusCode.NotAcceptable)]
    public async Task Text_IsWhatRawValuesAre(string url, HttpStatusCode status)
    {
        using var answer = await SendAsync(url, ("Accept", "text/plain"));

        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Options_OfEitherPlace_AreTakenTogether()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "Jobs/$query?$select=Id")
        {
            Content = new StringContent("$filter=Id%20ge%203&$orderby=Id%20desc&$top=2", Encoding.UTF8, "text/plain"),
        };
        using var answer = await Http.SendAsync(request);

        Assert.That((await JsonAsync(answer))["value"]!.ToJsonString(), Is.EqualTo("""[{"Id":8},{"Id":7}]"""));
    }

    [TestCase("application/json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [TestCase("text/plain", "$filter=Nothing eq 1", HttpStatusCode.BadRequest)]
    [TestCase("text/plain", "$foo=1", HttpStatusCode.NotImplemented)]
    public async Task Options_InTheBody_HaveToBeRight(string type, string body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "Jobs/$query") { Content = new StringContent(body, Encoding.UTF8, type) };
        using var answer = await Http.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task EntityById_IsTheEntity()
    {
        var answer = await ReadAsync($"$entity?$id={Uri.EscapeDataString($"{Server.Address}odata/Jobs(3)")}&$select=Name");

        Assert.That((string?)answer["Name"], Is.EqualTo("Check"));
    }

    [Test]
    public async Task References_AreIds()
    {
        var one = await ReadAsync("Jobs(1)/JobTemplate/$ref");
        var many = await ReadAsync("Jobs(1)/Events/$ref");

        Assert.That((string?)one["@odata.id"], Is.EqualTo($"{Server.Address}odata/JobTemplates(501)"));
        Assert.That(many["value"]!.AsArray().Select(row => (string?)row!["@odata.id"]), Does.Contain($"{Server.Address}odata/JobEvents(12)"));
    }

    [Test]
    public async Task Batch_AnswersEachRequestAlone()
    {
        const string body = """
            {"requests":[
              {"id":"a","method":"get","url":"Jobs/$count"},
              {"id":"b","method":"GET","url":"/odata/Jobs(3)?$select=Name","headers":{"accept":"application/json;odata.metadata=none"}},
              {"id":"c","method":"GET","url":"Jobs?$filter=Nothing eq 1"},
              {"id":"d","method":"DELETE","url":"Jobs(1)"},
              {"id":"e","method":"GET","url":"http://elsewhere.example.org/odata/Jobs"},
              {"id":"f","method":"POST","url":"$batch"}]}
            """;

        var answer = await Admin.PostAsync("/odata/$batch", body);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var responses = answer["responses"]!.AsArray();
        Assert.That(responses.Select(part => $"{part!["id"]} {part["status"]}"), Is.EqualTo((string[])["a 200", "b 200", "c 400", "d 405", "e 404", "f 405"]));
        Assert.That((string?)responses[0]!["body"], Is.EqualTo("8"));
        Assert.That(responses[1]!["body"]!.ToJsonString(), Is.EqualTo("""{"Name":"Check"}"""));
    }

    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("""{"requests":[1]}""")]
    [TestCase("""{"requests":[{"id":"a","method":"GET"}]}""")]
    public async Task Batch_ThatIsNone_IsRefused(string body) =>
        Assert.That((await Admin.PostAsync("/odata/$batch", body)).Status, Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task SpreadsheetsRequests_AreAnswered()
    {
        // What Power Query sends when it is given the service's address.
        (string, string)[] headers =
        [
            ("Accept", "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7"),
            ("OData-MaxVersion", "4.0"), ("MaxDataServiceVersion", "3.0;NetFx"),
        ];
        using var service = await SendAsync("", headers);
        using var schema = await SendAsync("$metadata", headers);
        using var rows = await SendAsync("Jobs?$top=1000", headers);

        Assert.That(service.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(schema.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/xml"));
        Assert.That(rows.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("Jobs?$filter=Events/any(a:a/Job/Events/any(b:b/Job/Events/any(c:c/Job/Events/any())))", "MaxLambdaDepth", HttpStatusCode.OK)]
    [TestCase("Jobs?$filter=Events/any(a:a/Job/Events/any(b:b/Job/Events/any(c:c/Job/Events/any(d:d/Failed))))", "MaxLambdaDepth", HttpStatusCode.BadRequest)]
    public async Task Depth_HasALimitThatIsNamed(string url, string limit, HttpStatusCode status)
    {
        var answer = await AskAsync(url);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Text.Contains(limit, StringComparison.Ordinal), Is.EqualTo(status == HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Size_OfExpressionsHasALimitThatIsNamed()
    {
        var filter = string.Join(" or ", Enumerable.Range(0, 200).Select(i => $"Id eq {i}"));

        var answer = await AskAsync($"Jobs?$filter={Uri.EscapeDataString(filter)}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)answer["error"]!["message"], Does.Contain("500 (OData:MaxNodes)"));
    }

    [TestCase("$orderby={0}Name")]
    [TestCase("$filter={0}Name eq 'x'")]
    [TestCase("$filter={0}DefaultEnvironment eq null")]
    [TestCase("$compute={0}MaxHosts add 1 as More")]
    [TestCase("$apply=groupby(({0}Name))")]
    public async Task Steps_ToOtherEntitiesAreCounted(string option)
    {
        await using var strict = await ApiServer.StartAsync(Kind, null, ("OData:MaxNodes", "12"));
        string Query(int rounds) => string.Format(
            CultureInfo.InvariantCulture, option, string.Concat(Enumerable.Repeat("DefaultEnvironment/Organization/", rounds)));

        var few = await strict.Admin.GetAsync("/odata/Organizations?" + Query(2));
        var many = await strict.Admin.GetAsync("/odata/Organizations?" + Query(6));
        using var absurd = await PostQueryAsync("Organizations", Query(1500));

        Assert.That(few.Status, Is.EqualTo(HttpStatusCode.OK), few.Text);
        Assert.That(many.Status, Is.EqualTo(HttpStatusCode.BadRequest), many.Text);
        Assert.That((string?)many["error"]!["message"], Does.Contain("12 (OData:MaxNodes)"));
        Assert.That(absurd.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Steps_OfAQueryInTheBodyAreCounted()
    {
        using var answer = await PostQueryAsync("Organizations", $"$orderby={string.Concat(Enumerable.Repeat("DefaultEnvironment/Organization/", 300))}Name");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)(await JsonAsync(answer))["error"]!["message"], Does.Contain("500 (OData:MaxNodes)"));
    }

    private async Task<HttpResponseMessage> PostQueryAsync(string set, string query)
    {
        using var body = new StringContent(query, Encoding.UTF8, "text/plain");
        return await Http.PostAsync(set + "/$query", body);
    }

    private async Task<HttpResponseMessage> SendAsync(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
}

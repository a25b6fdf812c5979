using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>Bodies: coercion, messages, what is ignored, what is refused, and that nothing is stored then.</summary>
internal sealed class WriteTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task Post_AnswersWithTheWholeObjectAndWhereItIs()
    {
        var name = Fresh("org");

        var answer = await Admin.PostAsync("organizations/", $$"""{"name":"{{name}}"}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(answer.Headers["Location"], Is.EqualTo($"/api/v2/organizations/{answer["id"]}/"));
        Assert.That(answer["type"]!.ToString(), Is.EqualTo("organization"));
        Assert.That(answer["description"]!.ToString(), Is.Empty);
        Assert.That(answer["created"]!.ToString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"));
        Assert.That(answer["related"]!["created_by"]!.ToString(), Is.EqualTo("/api/v2/users/1/"));
        Assert.That(answer["related"]!["named_url"]!.ToString(), Is.EqualTo($"/api/v2/organizations/{Uri.EscapeDataString(name)}/"));
        Assert.That(answer["summary_fields"]!["created_by"]!["username"]!.ToString(), Is.EqualTo("admin"));
    }

    [TestCase("""{"id":77,"created":"x","nothing":[1],"url":5}""")]
    [TestCase("")]
    public async Task UnknownAndReadOnlyKeys_AreIgnored(string json)
    {
        var id = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("org")}}"}""");

        var answer = await Admin.PatchAsync($"organizations/{id}/", json);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That((long)answer["id"]!, Is.EqualTo(id));
    }

    [TestCase("instance_groups", "is_container_group", "\"Yes\"", true)]
    [TestCase("instance_groups", "is_container_group", "1", true)]
    [TestCase("instance_groups", "is_container_group", "\"oFF\"", false)]
    [TestCase("instance_groups", "is_container_group", "null", false)]
    [TestCase("instance_groups", "is_container_group", "\"\"", false)]
    public async Task Boolean_TakesTheWordsOfAwx(string resource, string field, string json, bool value)
    {
        var answer = await Admin.PostAsync($"{resource}/", $$"""{"name":"{{Fresh("b")}}","{{field}}":{{json}}}""");

        Assert.That(answer[field]!.GetValue<bool>(), Is.EqualTo(value), answer.Text);
    }

    [TestCase("description", "null", "")]
    [TestCase("description", "5", "5")]
    [TestCase("description", "\"\\u00e9\\n\"", "é\n")]
    [TestCase("max_hosts", "\"7\"", "7")]
    [TestCase("max_hosts", "7.0", "7")]
    [TestCase("default_environment", "null", null)]
    [TestCase("default_environment", "\"\"", null)]
    public async Task Value_IsCoerced(string field, string json, string? shown)
    {
        var answer = await Admin.PostAsync("organizations/", $$"""{"name":"{{Fresh("c")}}","{{field}}":{{json}}}""");

        Assert.That(answer[field]?.ToString(), Is.EqualTo(shown), answer.Text);
    }

    [TestCase("{}", "name", "This field is required.")]
    [TestCase("{\"name\":\"x\",\"forks\":\"many\"}", "forks", "A valid integer is required.")]
    public async Task WhatAJobLacks_IsToldOnce(string body, string field, string message)
    {
        var answer = await Admin.PostAsync("jobs/", body);

        Assert.That(answer.Json[field]?.AsArray().Select(text => text!.ToString()), Is.EqualTo(new[] { message }), answer.Text);
    }

    [TestCase("organizations", "max_hosts", "\"x\"", "A valid integer is required.")]
    [TestCase("organizations", "max_hosts", "[1]", "A valid integer is required.")]
    [TestCase("organizations", "max_hosts", "true", "A valid integer is required.")]
    [TestCase("organizations", "max_hosts", "1.5", "A valid integer is required.")]
    [TestCase("organizations", "max_hosts", "null", "This field may not be null.")]
    [TestCase("organizations", "max_hosts", "-1", "Ensure this value is greater than or equal to 0.")]
    [TestCase("organizations", "max_hosts", "3000000000", "Ensure this value is less than or equal to 2147483647.")]
    [TestCase("organizations", "description", "true", "Not a valid string.")]
    [TestCase("organizations", "description", "{}", "Not a valid string.")]
    [TestCase("organizations", "description", "\"a\\u0000b\"", "Null characters are not allowed.")]
    [TestCase("organizations", "name", "\" \"", "This field may not be blank.")]
    [TestCase("organizations", "default_environment", "99", "Invalid pk \"99\" - object does not exist.")]
    [TestCase("organizations", "default_environment", "\"99\"", "Invalid pk \"99\" - object does not exist.")]
    [TestCase("organizations", "default_environment", "\"x\"", "Incorrect type. Expected pk value, received str.")]
    [TestCase("organizations", "default_environment", "[1]", "Incorrect type. Expected pk value, received list.")]
    [TestCase("teams", "organization", "null", "This field may not be null.")]
    [TestCase("instance_groups", "policy_instance_percentage", "101", "Ensure this value is less than or equal to 100.")]
    [TestCase("instance_groups", "is_container_group", "\"maybe\"", "Must be a valid boolean.")]
    [TestCase("instance_groups", "policy_instance_list", "\"x\"", "Expected a list of items but got type \"str\".")]
    [TestCase("instance_groups", "policy_instance_list", "[1]", "Not a valid string.")]
    [TestCase("instance_groups", "pod_spec_override", "{\"kind\":\"Pod\"}", "Not a valid string.")]
    [TestCase("instances", "capacity_adjustment", "\"x\"", "A valid number is required.")]
    [TestCase("instances", "node_type", "\"x\"", "\"x\" is not a valid choice.")]
    [TestCase("execution_environments", "pull", "\"sometimes\"", "\"sometimes\" is not a valid choice.")]
    [TestCase("execution_environments", "image", "\"UPPER/Case\"", null)]
    public async Task WrongValue_IsToldAtItsField(string resource, string field, string json, string? message)
    {
        var name = Fresh("w");

        var answer = await Admin.PostAsync($"{resource}/", $$"""{"name":"{{name}}","hostname":"{{name}}","{{field}}":{{json}}}""".Replace(
            field == "name" ? $"\"name\":\"{name}\"," : "\0", "", StringComparison.Ordinal));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error(field), message is null ? Does.Contain("is no image reference") : Is.EqualTo(message));
        Assert.That((int)(await Admin.GetAsync("organizations/?name=" + Uri.EscapeDataString(name)))["count"]!, Is.Zero);
    }

    [Test]
    public async Task LongName_IsRefused()
    {
        var answer = await Admin.PostAsync("organizations/", $$"""{"name":"{{new string('x', 513)}}"}""");

        Assert.That(answer.Error("name"), Is.EqualTo("Ensure this field has no more than 512 characters."));
    }

    [Test]
    public async Task AllErrors_ComeAtOnce()
    {
        var answer = await Admin.PostAsync("execution_environments/", """{"pull":"x","organization":99,"description":[]}""");

        Assert.That(
            answer.Json.AsObject().Select(pair => pair.Key),
            Is.EquivalentTo(new[] { "name", "image", "pull", "organization", "description" }));
    }

    [Test]
    public async Task Put_WantsWhatIsRequired_PatchDoesNot()
    {
        var id = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("org")}}"}""");

        var put = await Admin.PutAsync($"organizations/{id}/", """{"description":"x"}""");
        var patch = await Admin.PatchAsync($"organizations/{id}/", """{"description":"x"}""");

        Assert.That(put.Error("name"), Is.EqualTo("This field is required."));
        Assert.That(patch["description"]!.ToString(), Is.EqualTo("x"));
    }

    [Test]
    public async Task SameName_AlreadyExists()
    {
        var name = Fresh("twin");
        await Admin.CreateAsync("instance_groups/", $$"""{"name":"{{name}}"}""");
        await Admin.CreateAsync("teams/", $$"""{"name":"{{name}}","organization":1}""");

        var group = await Admin.PostAsync("instance_groups/", $$"""{"name":"{{name}}"}""");
        var team = await Admin.PostAsync("teams/", $$"""{"name":"{{name}}","organization":1}""");

        Assert.That(group.Error("name"), Is.EqualTo("Instance group with this Name already exists."));
        Assert.That(team.Error("__all__"), Is.EqualTo("Team with this Organization and Name already exists."));
    }

    [Test]
    public async Task SameName_AtTheSameTime_IsMadeOnce()
    {
        var name = Fresh("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Admin.PostAsync("organizations/", $$"""{"name":"{{name}}"}""")));

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(
            answers.Where(answer => answer.Status != HttpStatusCode.Created).Select(answer => answer.Error("name")),
            Is.All.EqualTo("Organization with this Name already exists."));
    }

    [TestCase("""{"name":"x","name":"y"}""")]
    [TestCase("""{"name":}""")]
    [TestCase("""{"name":"x",}""")]
    [TestCase("""{"name":"\ud800"}""")]
    [TestCase("""{"\ud800":"x"}""")]
    public async Task BrokenJson_IsAParseError(string json)
    {
        var answer = await Admin.PostAsync("organizations/", json);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["detail"]!.ToString(), Does.StartWith("JSON parse error - "));
    }

    [TestCase("[]")]
    [TestCase("\"x\"")]
    [TestCase("null")]
    public async Task JsonThatIsNoObject_IsRefused(string json)
    {
        var answer = await Admin.PostAsync("organizations/", json);

        Assert.That(answer["detail"]!.ToString(), Is.EqualTo("JSON parse error - not a JSON object"));
    }

    [Test]
    public async Task DeepAndInvalidBodies_AreBadRequests()
    {
        var deep = await Admin.PostAsync("organizations/", $$"""{"name":{{new string('[', 5000)}}{{new string(']', 5000)}}}""");
        var invalid = await Admin.SendAsync(HttpMethod.Post, "organizations/", [(byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "application/json");

        Assert.That(deep.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(invalid.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Delete_RemovesTheObject_OnceOnly()
    {
        var id = await Admin.CreateAsync("teams/", $$"""{"name":"{{Fresh("t")}}","organization":1}""");

        var first = await Admin.DeleteAsync($"teams/{id}/");
        var second = await Admin.DeleteAsync($"teams/{id}/");

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(first.Text, Is.Empty);
        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(second["detail"]!.ToString(), Is.EqualTo("No Team matches the given query."));
    }

    [TestCase("a+b", "a[+]b")]
    [TestCase("a/b c", "a%2Fb%20c")]
    [TestCase("100%25", "100%2525")]
    public async Task NamedUrl_LeadsBack(string name, string segment)
    {
        var made = await Admin.PostAsync("teams/", $$"""{"name":"{{name}}","organization":1}""");
        var url = made["related"]!["named_url"]!.ToString();

        var found = await Admin.GetAsync(url);

        Assert.That(url, Is.EqualTo($"/api/v2/teams/{segment}++Default/"));
        Assert.That(found["name"]!.ToString(), Is.EqualTo(name), found.Text);
    }

    [Test]
    public async Task Associations_AreMadeAndUndone_Repeatably()
    {
        var team = await Admin.CreateAsync("teams/", $$"""{"name":"{{Fresh("t")}}","organization":1}""");
        for (var i = 0; i < 2; i++)
        {
            Assert.That((await Admin.PostAsync($"teams/{team}/users/", """{"id":1,"associate":true}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        }

        Assert.That((await Admin.GetAsync($"teams/{team}/users/")).Column("username"), Is.EqualTo(new[] { "admin" }));
        for (var i = 0; i < 2; i++)
        {
            Assert.That((await Admin.PostAsync($"teams/{team}/users/", """{"id":1,"disassociate":false}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        }

        Assert.That((int)(await Admin.GetAsync($"teams/{team}/users/"))["count"]!, Is.Zero);
    }

    [TestCase("""{"disassociate":true}""", "msg", "\"id\" is required to disassociate")]
    [TestCase("""{"id":"5"}""", "msg", "\"id\" field must be an integer.")]
    [TestCase("""{}""", "msg", "User 'id' field is missing.")]
    [TestCase("""{"id":99999}""", "detail", "No User matches the given query.")]
    public async Task BadAssociation_IsToldAsAwxDoes(string json, string key, string message)
    {
        var team = await Admin.CreateAsync("teams/", $$"""{"name":"{{Fresh("t")}}","organization":1}""");

        var answer = await Admin.PostAsync($"teams/{team}/users/", json);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer[key]!.ToString(), Is.EqualTo(message));
    }

    [Test]
    public async Task SubListPost_CreatesAChildOfTheParent()
    {
        var answer = await Admin.PostAsync("organizations/Default/teams/", $$"""{"name":"{{Fresh("t")}}","organization":99}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((long)answer["organization"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task LastAdministrator_CantBeDemoted_NorOneselfDeleted()
    {
        var demoted = await Admin.PatchAsync("users/1/", """{"is_superuser":false}""");
        var deleted = await Admin.DeleteAsync("users/1/");

        Assert.That(demoted.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(deleted.Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Password_IsNeverShown_AndItsMaskChangesNothing()
    {
        var made = await Admin.PostAsync("users/", """{"username":"masked","password":"visible?"}""");
        await Admin.PatchAsync("users/masked/", """{"password":"$encrypted$","first_name":"M"}""");

        using var client = Server.ClientFor("masked", "visible?");
        Assert.That(made["password"]!.ToString(), Is.EqualTo("$encrypted$"));
        Assert.That((await client.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}

using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Schedules;

/// <summary>Schedules over the API, as AWX shows and takes them.</summary>
internal sealed class SchedulesApiTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Daily = "DTSTART;TZID=America/New_York:20990307T050000 RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5";

    [Test]
    public async Task New_ShowsWhenItFires_AndWhatItLaunches()
    {
        var template = await TemplateAsync();

        var made = await Admin.PostAsync($"job_templates/{template}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        var id = (long)made["id"]!;
        Assert.That(made["unified_job_template"]!.GetValue<long>(), Is.EqualTo(template));
        Assert.That(made["rrule"]!.ToString(), Is.EqualTo(Daily));
        Assert.That((made["dtstart"]!.ToString(), made["dtend"]!.ToString(), made["next_run"]!.ToString()), Is.EqualTo(
            ("2099-03-07T10:00:00.000000Z", "2099-03-11T09:00:00.000000Z", "2099-03-07T10:00:00.000000Z")), "the clocks change in the first night");
        Assert.That((made["timezone"]!.ToString(), made["until"]!.ToString(), (bool)made["enabled"]!), Is.EqualTo(("America/New_York", "", true)));
        Assert.That((made["limit"], made["verbosity"], made["diff_mode"], made["extra_data"]!.ToJsonString()), Is.EqualTo(((object?)null, (object?)null, (object?)null, "{}")));
        Assert.That(made["related"]!["unified_job_template"]!.ToString(), Is.EqualTo($"/api/v2/job_templates/{template}/"));
        Assert.That(made["related"]!["unified_jobs"]!.ToString(), Is.EqualTo($"/api/v2/schedules/{id}/jobs/"));
        Assert.That(made["summary_fields"]!["unified_job_template"]!["unified_job_type"]!.ToString(), Is.EqualTo("job"));
        Assert.That(made["summary_fields"]!["user_capabilities"]!.ToJsonString(), Is.EqualTo("""{"edit":true,"delete":true}"""));
        Assert.That((await Admin.GetAsync($"job_templates/{template}/schedules/")).Names, Is.EqualTo(new[] { "n" }));
        Assert.That((await Admin.GetAsync($"job_templates/{template}/"))["next_job_run"]!.ToString(), Is.EqualTo("2099-03-07T10:00:00.000000Z"));
        Assert.That((await Admin.GetAsync($"schedules/?unified_job_template={template}&order_by=-next_run")).Names, Is.EqualTo(new[] { "n" }));
    }

    [Test]
    public async Task Project_IsUpdated_UnlessItIsManual()
    {
        var project = new Project { Name = Fresh("p"), ScmType = ScmTypes.Git, ScmUrl = "https://example.org/x.git" };
        await Server.InsertAsync(project);
        var manual = new Project { Name = Fresh("m") };
        await Server.InsertAsync(manual);

        var made = await Admin.PostAsync($"projects/{project.Id}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}"}""");
        var refused = await Admin.PostAsync($"projects/{manual.Id}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}"}""");
        var prompting = await Admin.PostAsync($"projects/{project.Id}/schedules/", $$"""{"name":"x","rrule":"{{Daily}}","extra_data":"{\"a\": 5}","limit":"x"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(made["unified_job_template"]!.GetValue<long>(), Is.EqualTo(project.Id));
        Assert.That(made["related"]!["unified_job_template"]!.ToString(), Is.EqualTo($"/api/v2/projects/{project.Id}/"));
        Assert.That(made["summary_fields"]!["unified_job_template"]!["unified_job_type"]!.ToString(), Is.EqualTo("project_update"));
        Assert.That(refused.Error("unified_job_template"), Is.EqualTo("Manual Project cannot have a schedule set."));
        Assert.That(prompting.Error("limit"), Is.EqualTo("Field is not configured to prompt on launch."));
        Assert.That(prompting.Error("extra_data"), Is.EqualTo(
            "Variables a are not allowed on launch. Check the Prompt on Launch setting on the Project to include Extra Variables."));
        // Sent back as it was shown, it stays the project's.
        var put = await Admin.PutAsync($"schedules/{made["id"]}/", made.Text);
        Assert.That(put["related"]!["unified_job_template"]!.ToString(), Is.EqualTo($"/api/v2/projects/{project.Id}/"), put.Text);
    }

    [Test]
    public async Task Prompts_AreTaken_AsFarAsTheTemplateAsks()
    {
        var inventory = new Inventory { Name = Fresh("i"), OrganizationId = 1 };
        await Server.InsertAsync(inventory);
        var template = await TemplateAsync("\"ask_limit_on_launch\":true,\"ask_variables_on_launch\":true,\"ask_inventory_on_launch\":true,\"ask_diff_mode_on_launch\":true");

        var made = await Admin.PostAsync("schedules/", $$"""
            {"name":"n","unified_job_template":{{template}},"rrule":"{{Daily}}","limit":"web","extra_data":{"a":[1]},"inventory":{{inventory.Id}},"diff_mode":false}
            """);
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That((made["limit"]!.ToString(), made["extra_data"]!.ToJsonString(), (long)made["inventory"]!, (bool)made["diff_mode"]!),
            Is.EqualTo(("web", """{"a":[1]}""", inventory.Id, false)));

        var refused = await Admin.PatchAsync($"schedules/{made["id"]}/", """{"forks":3,"skip_tags":"x","extra_data":[1]}""");
        Assert.That(refused.Error("extra_data"), Does.Contain("is not a dictionary"));
        refused = await Admin.PatchAsync($"schedules/{made["id"]}/", """{"forks":3,"skip_tags":"x"}""");
        Assert.That(refused.Json.AsObject().Select(error => error.Key), Is.EquivalentTo(new[] { "forks", "skip_tags" }));
        Assert.That(refused.Error("forks"), Is.EqualTo("Field is not configured to prompt on launch."));

        var taken = await Admin.PatchAsync($"schedules/{made["id"]}/", """{"limit":null,"extra_data":"b: c","diff_mode":null}""");
        Assert.That((taken["limit"], taken["extra_data"]!.ToJsonString(), taken["diff_mode"]), Is.EqualTo(((object?)null, """{"b":"c"}""", (object?)null)));
    }

    [Test]
    public async Task Disabling_IsNeverRefused_AndTakesTheNextRunAway()
    {
        var template = await TemplateAsync("\"ask_limit_on_launch\":true");
        var id = await Admin.CreateAsync("schedules/", $$"""{"name":"n","unified_job_template":{{template}},"rrule":"{{Daily}}","limit":"web"}""");
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_limit_on_launch":false}""");

        Assert.That((await Admin.PatchAsync($"schedules/{id}/", """{"description":"x"}""")).Error("limit"), Is.Not.Null);
        var disabled = await Admin.PatchAsync($"schedules/{id}/", """{"enabled":false}""");

        Assert.That(disabled.Status, Is.EqualTo(HttpStatusCode.OK), disabled.Text);
        Assert.That(disabled["next_run"], Is.Null);
        Assert.That(disabled["dtstart"], Is.Not.Null);
    }

    [Test]
    public async Task Mistakes_AreToldByField()
    {
        var template = await TemplateAsync();
        await Admin.CreateAsync($"job_templates/{template}/schedules/", $$"""{"name":"twice","rrule":"{{Daily}}"}""");

        Assert.That((await Admin.PostAsync("schedules/", $$"""{"name":"n","rrule":"{{Daily}}"}""")).Error("unified_job_template"), Is.EqualTo("This field is required."));
        Assert.That((await Admin.PostAsync("schedules/", $$"""{"name":"n","rrule":"{{Daily}}","unified_job_template":999999}""")).Error("unified_job_template"),
            Is.EqualTo("Invalid pk \"999999\" - object does not exist."));
        var bad = await Admin.PostAsync($"job_templates/{template}/schedules/", """{"rrule":"DTSTART:20300308T050000Z RRULE:FREQ=DAILY;COUNT=2000"}""");
        Assert.That(bad.Error("name"), Is.EqualTo("This field is required."));
        Assert.That(bad["rrule"]!.AsArray().Select(message => message!.ToString()), Is.EqualTo(new[]
        {
            "INTERVAL required in rrule: RULE:FREQ=DAILY;COUNT=2000", "COUNT > 999 is unsupported: RULE:FREQ=DAILY;COUNT=2000",
        }));
        Assert.That((await Admin.PostAsync($"job_templates/{template}/schedules/", """{"name":"n","rrule":""}""")).Error("rrule"), Is.EqualTo("This field may not be blank."));
        Assert.That((await Admin.PostAsync($"job_templates/{template}/schedules/", $$"""{"name":"twice","rrule":"{{Daily}}"}""")).Error("__all__"), Does.Contain("already exists."));
        var deep = string.Concat(Enumerable.Repeat("{a: ", 80)) + "1" + new string('}', 80);
        Assert.That((await Admin.PostAsync($"job_templates/{template}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}","extra_data":"{{deep}}"}""")).Error("extra_data"),
            Does.Contain("nested deeper"));
        Assert.That((await Admin.PostAsync($"job_templates/{template}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}","verbosity":""}""")).Error("verbosity"), Is.Not.Null);
        Assert.That((int)(await Admin.GetAsync("schedules/?extra_data__contains=x")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Credentials_StandInForTheTemplates_WhereItAsks()
    {
        var template = await TemplateAsync();
        var type = new CredentialType { Name = Fresh("t"), Kind = "cloud" };
        var own = new Credential { Name = Fresh("own"), CredentialType = type, OrganizationId = 1 };
        var other = new Credential { Name = Fresh("other"), CredentialType = type, OrganizationId = 1 };
        await Server.InsertAsync(own);
        other.CredentialType = null!;
        other.CredentialTypeId = type.Id;
        await Server.InsertAsync(other);
        var id = await Admin.CreateAsync($"job_templates/{template}/schedules/", $$"""{"name":"n","rrule":"{{Daily}}"}""");
        var url = $"schedules/{id}/credentials/";

        Assert.That((await Admin.PostAsync(url, $$"""{"id":{{own.Id}}}"""))["msg"]!.ToString(), Is.EqualTo("Related template is not configured to accept credentials on launch."));
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_credential_on_launch":true}""");
        Assert.That((await Admin.PostAsync(url, $$"""{"id":{{own.Id}}}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Admin.PostAsync(url, $$"""{"id":{{own.Id}}}""")).Status, Is.EqualTo(HttpStatusCode.NoContent), "again");
        Assert.That((await Admin.PostAsync(url, $$"""{"id":{{other.Id}}}"""))["msg"]!.ToString(), Is.EqualTo($"This launch configuration already provides a {type.Name} credential."));
        Assert.That((await Admin.GetAsync(url)).Names, Is.EqualTo(new[] { own.Name }));
        await Admin.PostAsync(url, $$"""{"id":{{own.Id}},"disassociate":true}""");
        Assert.That((await Admin.GetAsync(url)).Names, Is.Empty);
    }

    [Test]
    public async Task Preview_TellsTheNextTimes_ThereAndInUtc()
    {
        var answer = await Admin.PostAsync("schedules/preview/", """{"rrule":"DTSTART;TZID=America/New_York:20990307T023000 RRULE:FREQ=DAILY;INTERVAL=1;COUNT=3"}""");

        Assert.That(answer["local"]!.ToJsonString(), Is.EqualTo("""["2099-03-07T02:30:00-05:00","2099-03-09T02:30:00-04:00"]"""), answer.Text);
        Assert.That(answer["utc"]!.ToJsonString(), Is.EqualTo("""["2099-03-07T07:30:00Z","2099-03-09T06:30:00Z"]"""));
        Assert.That((await Admin.PostAsync("schedules/preview/", "{}")).Error("rrule"), Is.EqualTo("This field is required."));
        Assert.That((await Admin.PostAsync("schedules/preview/", """{"rrule":["x"]}""")).Error("rrule"), Is.EqualTo("Not a valid string."));
        var many = await Admin.PostAsync("schedules/preview/", """{"rrule":"DTSTART:20000101T000000Z RRULE:FREQ=MINUTELY;INTERVAL=1"}""");
        Assert.That(many["utc"]!.AsArray(), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task Zones_AreListed()
    {
        var answer = await Admin.GetAsync("schedules/zoneinfo/");

        Assert.That(answer["zones"]!.AsArray().Select(zone => zone!.ToString()), Does.Contain("Europe/Berlin").And.Contain("UTC"));
        Assert.That(answer["links"]!.AsObject(), Is.Not.Null);
    }

    private Task<long> TemplateAsync(string more = "\"description\":\"\"") =>
        Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"],{{more}}}""");
}

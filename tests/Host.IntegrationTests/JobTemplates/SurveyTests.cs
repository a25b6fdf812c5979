using System.Net;
using System.Text.Json;
using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Host.Schedules;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.IntegrationTests.JobTemplates;

/// <summary>Surveys: kept with a template, answered at launch, their passwords never told.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class SurveyTests(DatabaseKind kind)
{
    private const string Secret = "an answer; \"nobody\" sees 7";

    private const string Spec = """
        {"name":"s","description":"d","spec":[
         {"question_name":"Who?","variable":"who","type":"text","required":true,"min":2,"max":5},
         {"question_name":"Count","variable":"count","type":"integer","required":false,"min":1,"max":9,"default":3},
         {"question_name":"Ratio","variable":"ratio","type":"float","required":false,"min":null,"max":2},
         {"question_name":"Colour","variable":"colour","type":"multiplechoice","required":false,"choices":"red\n\nblue","default":"red"},
         {"question_name":"Tags","variable":"tags","type":"multiselect","required":false,"choices":["a","b"]},
         {"question_name":"Password","variable":"pw","type":"password","required":false,"min":3,"default":""},
         {"question_name":"Text","variable":"more","type":"textarea","required":false,"default":""}]}
        """;

    private TemporaryDirectory _files = null!;
    private ApiServer _server = null!;
    private CredentialApi _api = null!;
    private long _project;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _files = new TemporaryDirectory();
        _server = await ApiServer.StartAsync(kind, null, ("Plugins:Directories:1", BuiltInPlugins.Directory), ("Projects:Root", _files.Path));
        _api = new CredentialApi(Admin);
        Directory.CreateDirectory(_files.File("survey"));
        await File.WriteAllTextAsync(_files.File("survey/site.yml"), $$$"""
            - hosts: all
              gather_facts: false
              tasks:
                - ansible.builtin.assert:
                    quiet: true
                    that:
                      - pw | default('') | hash('sha256') == '{{{LeakPlaybook.Hash(Secret)}}}'
                      - count == 4 and colour == 'red' and who == 'me' and tags == ['b']
                - ansible.builtin.debug:
                    msg: "told {{ who }} and {{ pw }}"

            """.ReplaceLineEndings("\n"));
        _project = await _api.MakeManualProjectAsync("survey");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _files?.Dispose();
    }

    [Test]
    public async Task Survey_IsKeptShownAndRemoved()
    {
        var template = await TemplateAsync(enabled: true);

        var shown = await Admin.GetAsync($"job_templates/{template}/survey_spec/");
        Assert.That(shown["spec"]!.AsArray(), Has.Count.EqualTo(7));
        Assert.That(shown["spec"]![3]!["choices"]!.ToString(), Is.EqualTo("red\nblue"), "empty lines are no choices");
        var row = await Admin.GetAsync($"job_templates/{template}/");
        Assert.That(row["summary_fields"]!["survey"]!.ToJsonString(), Is.EqualTo("""{"title":"s","description":"d"}"""));
        Assert.That(row["related"]!["survey_spec"]!.ToString(), Is.EqualTo($"/api/v2/job_templates/{template}/survey_spec/"));
        var launch = await Admin.GetAsync($"job_templates/{template}/launch/");
        Assert.That(launch["variables_needed_to_start"]!.ToJsonString(), Is.EqualTo("""["who"]"""));
        Assert.That(((bool)launch["survey_enabled"]!, (bool)launch["can_start_without_user_input"]!), Is.EqualTo((true, false)));

        Assert.That((await Admin.DeleteAsync($"job_templates/{template}/survey_spec/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.GetAsync($"job_templates/{template}/survey_spec/")).Text, Is.EqualTo("{}"));
        Assert.That((bool)(await Admin.GetAsync($"job_templates/{template}/launch/"))["can_start_without_user_input"]!, Is.True);
    }

    [TestCase("{}", "Field 'name' is missing from survey spec.")]
    [TestCase("""{"name":"n","description":3,"spec":[]}""", "Expected string for field 'description', received int type.")]
    [TestCase("""{"name":"n","description":"","spec":{}}""", "Expected list of items for field 'spec', received dict type.")]
    [TestCase("""{"name":"n","description":"","spec":[]}""", "'spec' doesn't contain any items.")]
    [TestCase("""{"name":"n","description":"","spec":["x"]}""", "Survey question 0 is not a json object.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"text","question_name":"q","required":true}]}""", "'variable' missing from survey question 0")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"text","question_name":"q","variable":"v","required":1}]}""", "'required' in survey question 0 expected to be boolean.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"x","question_name":"q","variable":"v","required":true}]}""",
        "'x' in survey question 0 is not one of 'text, textarea, password, multiplechoice, multiselect, integer, float' allowed question types.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"text","question_name":"q","variable":"v","required":true},{"type":"text","question_name":"q","variable":"v","required":true}]}""",
        "'variable' 'v' duplicated in survey question 1.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"integer","question_name":"q","variable":"v","required":true,"default":"x"}]}""",
        "Default value x in survey question 0 expected to be integer.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"text","question_name":"q","variable":"v","required":true,"min":"x"}]}""",
        "The min limit in survey question 0 expected to be integer.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"multiselect","question_name":"q","variable":"v","required":true}]}""",
        "Survey question 0 of type multiselect must specify choices.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"multiplechoice","question_name":"q","variable":"v","required":true,"choices":"a\nb","default":"a\nb"}]}""",
        "Multiple Choice (Single Select) can only have one default value.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"multiplechoice","question_name":"q","variable":"v","required":true,"choices":"a\nb","default":"c"}]}""",
        "Default choice must be answered from the choices listed.")]
    [TestCase("""{"name":"n","description":"","spec":[{"type":"password","question_name":"q","variable":"v","required":true,"default":"secret"}]}""",
        "A password question can't have a default (survey question 0).")]
    public async Task BadSurvey_IsRefused_InAwxsWords(string survey, string expected)
    {
        var template = await TemplateAsync(enabled: true);

        var refused = await Admin.PostAsync($"job_templates/{template}/survey_spec/", survey);

        Assert.That(((int)refused.Status, refused["error"]?.ToString()), Is.EqualTo((400, expected)), refused.Text);
        Assert.That((await Admin.GetAsync($"job_templates/{template}/survey_spec/"))["name"]!.ToString(), Is.EqualTo("s"), "the former stays");
    }

    [TestCase("{}", "'who' value missing")]
    [TestCase("""{"who":5}""", "Value 5 for 'who' expected to be a string.")]
    [TestCase("""{"who":"x"}""", "'who' value x is too small (length is 1 must be at least 2).")]
    [TestCase("""{"who":"too long"}""", "'who' value too long is too large (must be no more than 5).")]
    [TestCase("""{"who":"me","count":"4"}""", "Value 4 for 'count' expected to be an integer.")]
    [TestCase("""{"who":"me","count":1.5}""", "Value 1.5 for 'count' expected to be an integer.")]
    [TestCase("""{"who":"me","count":0}""", "'count' value 0 is too small (must be at least 1).")]
    [TestCase("""{"who":"me","ratio":2.5}""", "'ratio' value 2.5 is too large (must be no more than 2).")]
    [TestCase("""{"who":"me","colour":"green"}""", "Value green for 'colour' expected to be one of ['red', 'blue'].")]
    [TestCase("""{"who":"me","tags":"a"}""", "'tags' value is expected to be a list.")]
    [TestCase("""{"who":"me","tags":["a","c"]}""", "Value c for 'tags' expected to be one of ['a', 'b'].")]
    [TestCase("""{"who":"me","pw":"Zq"}""", "'pw' value $encrypted$ is too small (length is 2 must be at least 3).")]
    public async Task BadAnswer_IsRefused_InAwxsWords(string answers, string expected)
    {
        var template = await TemplateAsync(enabled: true);

        var refused = await Admin.PostAsync($"job_templates/{template}/launch/", $$"""{"extra_vars":{{answers}}}""");

        Assert.That(((int)refused.Status, refused.Error("variables_needed_to_start")), Is.EqualTo((400, expected)), refused.Text);
        Assert.That(refused.Text, Does.Not.Contain("Zq"));
    }

    [Test]
    public async Task Answers_ReachThePlaybook_AndPasswordsNobodyElse()
    {
        var template = await TemplateAsync(enabled: true);
        var body = JsonSerializer.Serialize(new { extra_vars = new { who = "me", count = 4, tags = new[] { "b" }, pw = Secret, other = "not asked" } });

        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", body);

        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.Created), launch.Text);
        Assert.That(launch["ignored_fields"]!.ToJsonString(), Is.EqualTo("""{"extra_vars":{"other":"not asked"}}"""));
        var (job, text) = await _api.EndedAsync((long)launch["id"]!);
        Assert.That(job["status"]!.ToString(), Is.EqualTo("successful"), text);
        Assert.That(text, Does.Contain("told me and").And.Not.Contain(Secret));
        var variables = System.Text.Json.Nodes.JsonNode.Parse(job["extra_vars"]!.ToString())!;
        Assert.That((variables["pw"]!.ToString(), (int)variables["count"]!, variables["colour"]!.ToString()), Is.EqualTo(("$encrypted$", 4, "red")));
        foreach (var url in new[] { $"jobs/{job["id"]}/", $"jobs/{job["id"]}/job_events/?no_truncate=1&page_size=200", "unified_jobs/", "activity_stream/?page_size=200" })
        {
            Assert.That((await Admin.GetAsync(url)).Text, Does.Not.Contain("nobody"), url);
        }

        await using var db = _server.Database.Open();
        var id = (long)job["id"]!;
        var kept = await db.JobPasswords.AsNoTracking().SingleAsync(row => row.JobId == id);
        Assert.That(System.Text.Encoding.UTF8.GetString(kept.Data), Does.Not.Contain("nobody"));
        var again = await Admin.PostAsync($"jobs/{id}/relaunch/", "{}");
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.Created), again.Text);
        Assert.That((await _api.EndedAsync((long)again["id"]!)).Job["status"]!.ToString(), Is.EqualTo("successful"), "with the same answers");
        Assert.That((await Admin.DeleteAsync($"jobs/{id}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await db.JobPasswords.AnyAsync(row => row.JobId == id), Is.False, "they go with the job");
    }

    [Test]
    public async Task AnothersSecretAnswers_AreNotUsedAgain()
    {
        var template = await TemplateAsync(enabled: true);
        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", """{"extra_vars":{"who":"me","pw":"hidden answer"}}""");
        var (name, password) = ($"u-{Guid.NewGuid():N}", "pass word 17");
        var user = await Admin.CreateAsync("users/", JsonSerializer.Serialize(new { username = name, password }));
        var role = (await Admin.GetAsync($"job_templates/{template}/"))["summary_fields"]!["object_roles"]!["execute_role"]!["id"];
        await Admin.PostAsync($"users/{user}/roles/", $$"""{"id":{{role}}}""");
        using var other = _server.ClientFor(name, password);

        foreach (var action in new[] { "relaunch", "create_schedule" })
        {
            var refused = await other.PostAsync($"jobs/{launch["id"]}/{action}/", "{}");
            Assert.That(
                ((int)refused.Status, refused["detail"]?.ToString()),
                Is.EqualTo((403, "Job was launched with secret prompts provided by another user.")), action);
        }
    }

    [Test]
    public async Task CreateSchedule_TakesWhatTheLaunchSaid()
    {
        var template = await TemplateAsync(enabled: true);
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_limit_on_launch":true,"ask_labels_on_launch":true,"ask_forks_on_launch":true}""");
        var label = await Admin.CreateAsync("labels/", $$"""{"name":"l {{Guid.NewGuid():N}}","organization":1}""");
        var launch = await Admin.PostAsync(
            $"job_templates/{template}/launch/", $$$"""{"extra_vars":{"who":"me","pw":"hidden answer"},"limit":"localhost","labels":[{{{label}}}]}""");

        var shown = await Admin.GetAsync($"jobs/{launch["id"]}/create_schedule/");
        Assert.That((bool)shown["can_schedule"]!, Is.True, shown.Text);
        var prompts = shown["prompts"]!;
        Assert.That((prompts["limit"]!.ToString(), prompts["extra_vars"]!["pw"]!.ToString(), (long)prompts["labels"]![0]!["id"]!, prompts["forks"]),
            Is.EqualTo(("localhost", "$encrypted$", label, (object?)null)));

        var made = await Admin.PostAsync($"jobs/{launch["id"]}/create_schedule/", "{}");
        var second = await Admin.PostAsync($"jobs/{launch["id"]}/create_schedule/", "{}");
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        var name = $"Auto-generated schedule from job {launch["id"]}";
        Assert.That((made["name"]!.ToString(), second["name"]!.ToString()), Is.EqualTo((name, name + " - number 1")));
        Assert.That(((bool)made["enabled"]!, made["limit"]!.ToString(), (long)made["unified_job_template"]!), Is.EqualTo((false, "localhost", template)));
        Assert.That(made["rrule"]!.ToString(), Does.EndWith("Z RRULE:FREQ=MONTHLY;INTERVAL=1"));
        Assert.That(made["extra_data"]!["pw"]!.ToString(), Is.EqualTo("$encrypted$"));
        Assert.That((await Admin.GetAsync($"schedules/{made["id"]}/labels/")).Column("id"), Is.EqualTo(new[] { $"{label}" }));
        await using var db = _server.Database.Open();
        var id = (long)made["id"]!;
        Assert.That(await db.SchedulePasswords.CountAsync(answer => answer.ScheduleId == id && answer.Variable == "pw"), Is.EqualTo(1));
    }

    [Test]
    public async Task JobWithoutATemplate_CantBeScheduled()
    {
        var job = await Admin.PostAsync("jobs/", """{"name":"plain","job_type":"command","command":["true"]}""");

        Assert.That((await Admin.GetAsync($"jobs/{job["id"]}/create_schedule/")).Text, Is.EqualTo("""{"can_schedule":false,"prompts":{}}"""), job.Text);
        var refused = await Admin.PostAsync($"jobs/{job["id"]}/create_schedule/", "{}");
        Assert.That(((int)refused.Status, refused["error"]?.ToString()), Is.EqualTo((400, "Cannot create schedule because a related resource is missing.")));
    }

    [Test]
    public async Task DeepVariables_ThatAreNotAskedFor_AreSetAside()
    {
        var template = await TemplateAsync(enabled: false);
        var deep = string.Concat(Enumerable.Repeat("{a: ", 80)) + "1" + new string('}', 80);

        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", $$"""{"extra_vars":"{{deep}}"}""");

        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.Created), launch.Text);
    }

    [Test]
    public async Task DisabledSurvey_AsksNothing()
    {
        var template = await TemplateAsync(enabled: false);

        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", """{"extra_vars":{"who":"x"}}""");

        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.Created), launch.Text);
        Assert.That(launch["ignored_fields"]!.ToJsonString(), Is.EqualTo("""{"extra_vars":{"who":"x"}}"""));
        Assert.That(launch["extra_vars"]!.ToString(), Is.Empty);
    }

    [Test]
    public async Task Schedule_AnswersTheSurvey()
    {
        var url = $"job_templates/{await TemplateAsync(enabled: true)}/schedules/";

        var made = await Admin.PostAsync(url, ScheduleBody("n", """{"count":5}"""));
        var wrong = await Admin.PostAsync(url, ScheduleBody("w", """{"count":50}"""));
        var shortOne = await Admin.PostAsync(url, ScheduleBody("p", """{"pw":"Zq"}"""));
        var other = await Admin.PostAsync(url, ScheduleBody("o", """{"count":5,"x":1}"""));

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(wrong.Error("variables_needed_to_start"), Is.EqualTo("'count' value 50 is too large (must be no more than 9)."));
        Assert.That(shortOne.Error("variables_needed_to_start"), Is.EqualTo("'pw' value $encrypted$ is too small (length is 2 must be at least 3)."));
        Assert.That(shortOne.Text, Does.Not.Contain("Zq"));
        Assert.That(other.Error("extra_data"), Does.StartWith("Variables x are not allowed on launch."));
    }

    [Test]
    public async Task SchedulesPassword_IsKept_AndToldToNobody()
    {
        var template = await TemplateAsync(enabled: true);
        var made = await Admin.PostAsync($"job_templates/{template}/schedules/", ScheduleBody("n", """{"who":"me","pw":"first secret"}"""));
        Assert.That(made["extra_data"]!.ToJsonString(), Is.EqualTo("""{"who":"me","pw":"$encrypted$"}"""), made.Text);
        var id = (long)made["id"]!;

        var kept = await Admin.PatchAsync($"schedules/{id}/", """{"extra_data":{"who":"you","pw":"$encrypted$"}}""");
        Assert.That((kept["extra_data"]!.ToJsonString(), await AnswerAsync(id)), Is.EqualTo(("""{"who":"you","pw":"$encrypted$"}""", "first secret")), kept.Text);
        await Admin.PatchAsync($"schedules/{id}/", """{"description":"nothing of the variables"}""");
        Assert.That(await AnswerAsync(id), Is.EqualTo("first secret"));
        await Admin.PatchAsync($"schedules/{id}/", """{"extra_data":{"who":"you","pw":"second secret"}}""");
        Assert.That(await AnswerAsync(id), Is.EqualTo("second secret"));
        foreach (var url in new[] { $"schedules/{id}/", "schedules/?page_size=200", "activity_stream/?page_size=200", $"job_templates/{template}/schedules/" })
        {
            Assert.That((await Admin.GetAsync(url)).Text, Does.Not.Contain("first secret").And.Not.Contain("second secret"), url);
        }

        await Admin.PatchAsync($"schedules/{id}/", """{"extra_data":{"who":"you"}}""");
        Assert.That(await AnswerAsync(id), Is.Null, "it is no longer among the variables");
        var none = await Admin.PatchAsync($"schedules/{id}/", """{"extra_data":{"pw":"$encrypted$"}}""");
        Assert.That(none.Error("extra_data"), Is.EqualTo("Provided variable pw has no database value to replace with."));
    }

    [Test]
    public async Task SchedulesPassword_DoesNotGoToAnotherTemplate()
    {
        var (template, other) = (await TemplateAsync(enabled: true), await TemplateAsync(enabled: true));
        var id = await Admin.CreateAsync($"job_templates/{template}/schedules/", ScheduleBody("n", """{"pw":"first secret"}"""));

        var refused = await Admin.PatchAsync($"schedules/{id}/", $$"""{"unified_job_template":{{other}}}""");
        var moved = await Admin.PatchAsync($"schedules/{id}/", $$$"""{"unified_job_template":{{{other}}},"extra_data":{}}""");

        Assert.That(refused.Error("extra_data"), Is.EqualTo("Provided variable pw has no database value to replace with."), refused.Text);
        Assert.That((moved.Status, await AnswerAsync(id)), Is.EqualTo((HttpStatusCode.OK, (string?)null)));
    }

    private static string ScheduleBody(string name, string variables) =>
        $$"""{"name":"{{name}}","rrule":"DTSTART:20990101T000000Z RRULE:FREQ=DAILY;INTERVAL=1","extra_data":{{variables}}}""";

    private async Task<string?> AnswerAsync(long schedule)
    {
        await using var db = _server.Database.Open();
        var row = await db.Schedules.AsNoTracking().Include(s => s.JobTemplate).SingleAsync(s => s.Id == schedule);
        var answers = await _server.Services.GetRequiredService<ScheduleAnswers>().ReadAsync(db, row, row.JobTemplate!, CancellationToken.None);
        var stored = await db.SchedulePasswords.CountAsync(answer => answer.ScheduleId == schedule);
        Assert.That(stored, Is.EqualTo(answers.Count));
        return answers.GetValueOrDefault("pw");
    }

    private async Task<long> TemplateAsync(bool enabled)
    {
        var template = await _api.MakeTemplateAsync(_project, [], new { survey_enabled = enabled });
        var stored = await Admin.PostAsync($"job_templates/{template}/survey_spec/", Spec);
        Assert.That((int)stored.Status, Is.EqualTo(200), stored.Text);
        return template;
    }
}

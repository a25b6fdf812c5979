using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>What a container group's backend says through the API: of its pod, and of its health.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class ContainerGroupTests(DatabaseKind kind)
{
    private ApiServer _server = null!;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync(
        kind, null, ("Plugins:Settings:fake:name", "kubernetes"), ("Plugins:Settings:fake:uses_instances", "false"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Override_IsCheckedByTheBackend_WhenItIsGiven()
    {
        var id = await NewGroupAsync();

        var refused = await Admin.PatchAsync($"instance_groups/{id}/", """{"pod_spec_override":"spec:\n  wrong: 1\n  wrong2: 2"}""");
        var stored = await Admin.PatchAsync($"instance_groups/{id}/", """{"pod_spec_override":"spec: {}"}""");

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            refused["pod_spec_override"]!.AsArray().Select(message => message!.ToString()),
            Is.EqualTo(new[] { "Line 2 is wrong.", "Line 3 is wrong." }));
        Assert.That(stored.Status, Is.EqualTo(HttpStatusCode.OK), stored.Text);
    }

    [Test]
    public async Task Override_OfAGroupWithoutContainers_IsNotTheBackendsBusiness()
    {
        var id = await Admin.CreateAsync("instance_groups/", $$"""{"name":"plain {{Guid.NewGuid():N}}"}""");

        var stored = await Admin.PatchAsync($"instance_groups/{id}/", """{"pod_spec_override":"wrong: 1"}""");

        Assert.That(stored.Status, Is.EqualTo(HttpStatusCode.OK), stored.Text);
    }

    [Test]
    public async Task Preview_ShowsThePod_ItsOriginsAndNotes()
    {
        var id = await NewGroupAsync("spec: {a: 1}");

        var answer = await Admin.GetAsync($"instance_groups/{id}/pod_spec_preview/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["pod"]!["text"]!.ToString(), Is.EqualTo("spec: {a: 1}"));
        Assert.That(answer["pod"]!["fallback"]!.ToString(), Is.EqualTo("quay.io/ansible/awx-ee:latest"));
        Assert.That(answer["pod"]!["image"], Is.Null);
        Assert.That(answer["origins"]!["text"]!.ToString(), Is.EqualTo("group"));
        Assert.That(answer["notes"]![0]!.ToString(), Is.EqualTo("A note."));
        Assert.That(answer["verdict"], Is.Null);
    }

    [Test]
    public async Task Preview_TakesImagesFromTheTemplate_AndFromAnEnvironmentBeforeIt()
    {
        var id = await NewGroupAsync();
        var own = await Admin.CreateAsync("execution_environments/", $$"""{"name":"own {{Guid.NewGuid():N}}","image":"own:1","pull":"always"}""");
        var other = await Admin.CreateAsync("execution_environments/", $$"""{"name":"other {{Guid.NewGuid():N}}","image":"other:1"}""");
        var template = await Admin.CreateAsync(
            "job_templates/", $$"""{"name":"web {{Guid.NewGuid():N}}","job_type":"command","command":["true"],"timeout":60,"execution_environment":{{own}}}""");

        var ofTemplate = await Admin.GetAsync($"instance_groups/{id}/pod_spec_preview/?job_template={template}");
        var ofEnvironment = await Admin.GetAsync($"instance_groups/{id}/pod_spec_preview/?job_template={template}&execution_environment={other}");

        Assert.That(ofTemplate["pod"]!["image"]?.ToString(), Is.EqualTo("own:1"), ofTemplate.Text);
        Assert.That(ofTemplate["pod"]!["pull"]!.ToString(), Is.EqualTo("always"));
        Assert.That(ofTemplate["pod"]!["name"]!.ToString(), Does.StartWith("web "));
        Assert.That((double)ofTemplate["pod"]!["seconds"]!, Is.EqualTo(60));
        Assert.That(ofEnvironment["pod"]!["image"]?.ToString(), Is.EqualTo("other:1"));
    }

    [TestCase("spec: {}", true)]
    [TestCase("spec: {refused: 1}", false)]
    public async Task DryRun_TellsTheTargetsVerdict(string text, bool accepted)
    {
        var id = await NewGroupAsync(text);

        var answer = await Admin.GetAsync($"instance_groups/{id}/pod_spec_preview/?dry_run=true");

        Assert.That((bool)answer["verdict"]!["accepted"]!, Is.EqualTo(accepted));
        Assert.That(answer["verdict"]!["message"]!.ToString(), Is.EqualTo("The fake has spoken."));
    }

    [Test]
    public async Task Draft_IsShown_AndNotStored()
    {
        var id = await NewGroupAsync("spec: {}");

        var text = await Admin.PostAsync($"instance_groups/{id}/pod_spec_preview/", """{"pod_spec_override":"spec: {b: 2}"}""");
        var pod = await Admin.PostAsync($"instance_groups/{id}/pod_spec_preview/", """{"kind":"Pod","spec":{"c":3}}""");
        var list = await Admin.PostAsync($"instance_groups/{id}/pod_spec_preview/", """{"pod_spec_override":"- a"}""");

        Assert.That(text["pod"]!["text"]!.ToString(), Is.EqualTo("spec: {b: 2}"));
        Assert.That(pod["pod"]!["text"]!.ToString(), Does.Contain("\"c\": 3"));
        Assert.That(list.Error("pod_spec_override"), Does.StartWith("A mapping is expected"));
        Assert.That((await Admin.GetAsync($"instance_groups/{id}/"))["pod_spec_override"]!.ToString(), Is.EqualTo("spec: {}"));
    }

    [TestCase("?job_template=0", "job_template", "Invalid pk \"0\" - object does not exist.")]
    [TestCase("?execution_environment=x", "execution_environment", "Incorrect type. Expected pk value, received str.")]
    [TestCase("?dry_run=perhaps", "dry_run", "Must be a valid boolean.")]
    public async Task Preview_RefusesWhatItDoesNotUnderstand(string query, string field, string message)
    {
        var answer = await Admin.GetAsync($"instance_groups/{await NewGroupAsync()}/pod_spec_preview/{query}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error(field), Is.EqualTo(message));
    }

    [Test]
    public async Task UnusableOverride_IsToldInThePreview()
    {
        var answer = await Admin.GetAsync($"instance_groups/{await NewGroupAsync("spec: {unusable: 1}")}/pod_spec_preview/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error("pod_spec_override"), Is.EqualTo("The fake can't use this."));
    }

    [TestCase("pod_spec_preview")]
    [TestCase("health_check")]
    public async Task GroupWithoutContainers_HasNeither(string action)
    {
        var answer = await Admin.GetAsync($"instance_groups/1/{action}/");
        var group = await Admin.GetAsync("instance_groups/1/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["detail"]!.ToString(), Does.StartWith("Only a container group"));
        Assert.That(group["related"]!.AsObject().ContainsKey(action), Is.False);
    }

    [Test]
    public async Task MissingGroup_IsNotFound() =>
        Assert.That((await Admin.GetAsync("instance_groups/4242/pod_spec_preview/")).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task Health_IsWhatTheBackendSays()
    {
        var id = await NewGroupAsync();
        await Admin.PatchAsync($"instance_groups/{id}/", """{"backend_settings":{"healthy":true}}""");
        var well = await Admin.GetAsync($"instance_groups/{id}/health_check/");
        await Admin.PatchAsync($"instance_groups/{id}/", """{"backend_settings":{"healthy":false}}""");
        var ill = await Admin.PostAsync($"instance_groups/{id}/health_check/", "");

        Assert.That(well.Text, Is.EqualTo("""{"healthy":true,"message":"The fake is well.","missing_permissions":[],"details":{}}"""));
        Assert.That((bool)ill["healthy"]!, Is.False);
        Assert.That(ill["message"]!.ToString(), Is.EqualTo("The fake was told to be ill."));
    }

    [Test]
    public async Task GroupWhoseBackendIsAway_IsUnhealthy_AndCantBeShown()
    {
        var id = await NewGroupAsync();
        await using (var db = _server.Database.Open())
        {
            db.InstanceGroups.Single(group => group.Id == id).ExecutionBackend = "gone";
            await db.SaveChangesAsync();
        }

        var health = await Admin.GetAsync($"instance_groups/{id}/health_check/");
        var preview = await Admin.GetAsync($"instance_groups/{id}/pod_spec_preview/");

        Assert.That((bool)health["healthy"]!, Is.False);
        Assert.That(health["message"]!.ToString(), Does.Contain("No active plugin offers the execution backend 'gone'."));
        Assert.That(preview.Status, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task LinksOfAContainerGroup_LeadToBoth()
    {
        var related = (await Admin.GetAsync($"instance_groups/{await NewGroupAsync()}/"))["related"]!;

        Assert.That((await Admin.GetAsync(related["pod_spec_preview"]!.ToString())).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.GetAsync(related["health_check"]!.ToString())).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Options_ShowTheDefaultPod()
    {
        var answer = await Admin.OptionsAsync("instance_groups/");

        Assert.That(answer["actions"]!["POST"]!["pod_spec_override"]!["default"]!.ToJsonString(), Is.EqualTo("""{"kind":"Fake"}"""));
    }

    private Task<long> NewGroupAsync(string text = "") => Admin.CreateAsync(
        "instance_groups/",
        $$"""{"name":"pods {{Guid.NewGuid():N}}","is_container_group":true,"pod_spec_override":"{{text}}"}""");
}

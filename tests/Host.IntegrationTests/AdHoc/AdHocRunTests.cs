using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.AdHoc;

/// <summary>Ad hoc commands that run on this machine's instance with the real Ansible.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class AdHocRunTests(DatabaseKind kind)
{
    private AdHocRig _rig = null!;

    private ApiClient Admin => _rig.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => _rig = await AdHocRig.StartAsync(kind);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }
    }

    [Test]
    public async Task Ping_AnswersFromEachHost_AndIsFoundWhereAwxHasIt()
    {
        var made = await Admin.PostAsync("ad_hoc_commands/", _rig.Body());
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        var id = (long)made["id"]!;

        var command = await _rig.EndedAsync(id);

        var stdout = (await Admin.GetAsync($"ad_hoc_commands/{id}/stdout/?format=txt")).Text;
        Assert.That(((string?)command["status"], (string?)command["job_explanation"]), Is.EqualTo(("successful", "")), stdout);
        Assert.That(stdout, Does.Contain("web | SUCCESS").And.Contain("db | SUCCESS").And.Contain("\"ping\": \"pong\"").And.Not.Contain("\x1b"));
        Assert.That(command["host_status_counts"]!.ToJsonString(), Is.EqualTo("""{"ok":2}"""));
        Assert.That(
            JsonNode.Parse((string)command["job_args"]!)!.AsArray().Select(word => (string)word!),
            Is.SupersetOf(new[] { "ansible", "-m", "ping", "-i", "inventory", "all" }));
        await AssertEventsAsync(id);
        await AssertListedAsync(id);
    }

    [Test]
    public async Task HostsCommand_RunsOnTheHostAlone_AndItsFailureIsExplained()
    {
        var body = $$"""{"credential":{{_rig.Credential}},"module_name":"shell","module_args":"echo from $0; exit 3","limit":"db"}""";
        var made = await Admin.PostAsync($"hosts/{_rig.Host}/ad_hoc_commands/", body);
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(((long?)made["inventory"], (string?)made["limit"]), Is.EqualTo((_rig.Inventory, "web")));
        var id = (long)made["id"]!;

        var command = await _rig.EndedAsync(id);

        Assert.That((string?)command["status"], Is.EqualTo("failed"), command.Text);
        Assert.That((string?)command["job_explanation"], Is.EqualTo("Module \"shell\" failed on host web: non-zero return code."));
        var failed = await Admin.GetAsync($"ad_hoc_commands/{id}/events/?failed=true&event=runner_on_failed");
        Assert.That(failed.Column("host_name"), Is.EqualTo(new[] { "web" }));
        Assert.That((await Admin.GetAsync($"hosts/{_rig.Host}/ad_hoc_commands/?id={id}")).Column("id"), Is.EqualTo(new[] { $"{id}" }));
        Assert.That((await Admin.GetAsync($"groups/{_rig.Group}/ad_hoc_commands/?id={id}")).Column("id"), Is.EqualTo(new[] { $"{id}" }));
        Assert.That((await Admin.GetAsync($"hosts/{_rig.Host}/"))["last_job"], Is.Null, "an ad hoc command is no host's last job");
    }

    [Test]
    public async Task Relaunch_AsksForPasswordsAgain_AndRunsTheSame()
    {
        var asking = await _rig.Credentials.MakeAsync("ssh", new { password = "ASK" });
        var body = _rig.Body($$"""{"credential":{{asking}},"module_name":"shell","module_args":"printf '%s %s' 'open' 'sesame'","verbosity":1,"forks":3,"limit":"front"}""");
        var refused = await Admin.PostAsync("ad_hoc_commands/", body);
        Assert.That((refused.Status, refused.Text), Is.EqualTo((HttpStatusCode.BadRequest, """{"passwords_needed_to_start":["ssh_password"]}""")));
        var first = await Admin.PostAsync("ad_hoc_commands/", body[..^1] + ",\"ssh_password\":\"open sesame\"}");
        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.Created), first.Text);
        var former = await _rig.EndedAsync((long)first["id"]!);
        Assert.That((string?)former["status"], Is.EqualTo("successful"), former.Text);
        var printed = (await Admin.GetAsync($"ad_hoc_commands/{former["id"]}/stdout/?format=txt")).Text;
        Assert.That(printed, Does.Contain("web | CHANGED").And.Not.Contain("open sesame"), "a password is masked in what its command prints");
        Assert.That((await Admin.GetAsync($"ad_hoc_commands/{former["id"]}/events/")).Text + former.Text, Does.Not.Contain("open sesame"));

        var url = $"ad_hoc_commands/{former["id"]}/relaunch/";
        Assert.That((await Admin.GetAsync(url)).Text, Is.EqualTo("""{"passwords_needed_to_start":["ssh_password"]}"""));
        var without = await Admin.PostAsync(url, "{}");
        Assert.That((without.Status, without.Text), Is.EqualTo((HttpStatusCode.BadRequest, """{"passwords_needed_to_start":["ssh_password"]}""")));
        var again = await Admin.PostAsync(url, """{"credential_passwords":{"ssh_password":"open sesame"}}""");

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.Created), again.Text);
        Assert.That(((long?)again["ad_hoc_command"], (string?)again["launch_type"]), Is.EqualTo(((long?)again["id"], "relaunch")));
        foreach (var field in new[] { "inventory", "credential", "module_name", "module_args", "verbosity", "forks", "limit", "name", "job_type" })
        {
            Assert.That(again[field]!.ToJsonString(), Is.EqualTo(former[field]!.ToJsonString()), field);
        }

        Assert.That((string?)(await _rig.EndedAsync((long)again["id"]!))["status"], Is.EqualTo("successful"));
    }

    [Test]
    public async Task Canceled_Ends_AndCantBeDeletedBefore()
    {
        var made = await Admin.PostAsync(
            $"groups/{_rig.Group}/ad_hoc_commands/", $$"""{"credential":{{_rig.Credential}},"module_name":"command","module_args":"sleep 300"}""");
        Assert.That((string?)made["limit"], Is.EqualTo("front"), made.Text);
        var id = (long)made["id"]!;
        await _rig.UntilAsync(id, "runs", command => (string?)command["status"] == "running");
        Assert.That((await Admin.GetAsync($"ad_hoc_commands/{id}/cancel/")).Text, Is.EqualTo("""{"can_cancel":true}"""));
        Assert.That((await Admin.SendAsync(HttpMethod.Delete, $"ad_hoc_commands/{id}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));

        Assert.That((await Admin.PostAsync($"ad_hoc_commands/{id}/cancel/", "{}")).Status, Is.EqualTo(HttpStatusCode.Accepted));

        var ended = await _rig.EndedAsync(id);
        Assert.That(((string?)ended["status"], (bool?)ended["failed"]), Is.EqualTo(("canceled", (bool?)true)), ended.Text);
        Assert.That((await Admin.PostAsync($"ad_hoc_commands/{id}/cancel/", "{}")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await Admin.SendAsync(HttpMethod.Delete, $"ad_hoc_commands/{id}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Admin.GetAsync($"ad_hoc_commands/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task LimitThatMatchesNothing_RunsNothing_AndSaysSo()
    {
        var made = await Admin.PostAsync("ad_hoc_commands/", _rig.Body("""{"limit":"-nowhere"}"""));

        var command = await _rig.EndedAsync((long)made["id"]!);

        Assert.That(
            ((string?)command["status"], (string?)command["job_explanation"]),
            Is.EqualTo(("successful", "No host of the inventory matches \"-nowhere\", so nothing was run.")));
    }

    private async Task AssertEventsAsync(long id)
    {
        var events = await Admin.GetAsync($"ad_hoc_commands/{id}/events/?order_by=start_line");
        Assert.That(events.Column("type").Distinct(), Is.EqualTo(new[] { "ad_hoc_command_event" }));
        var ok = events["results"]!.AsArray().Where(e => (string?)e!["event"] == "runner_on_ok").ToList();
        Assert.That(ok.Select(e => (string?)e!["host_name"]), Is.EquivalentTo(new[] { "web", "db" }));
        var keys = ok[0]!.AsObject().Select(member => member.Key).ToList();
        Assert.That(keys, Is.SupersetOf(new[] { "ad_hoc_command", "counter", "event_display", "event_data", "uuid", "host", "stdout", "start_line", "end_line" }));
        Assert.That(keys.Intersect(["parent_uuid", "playbook", "play", "task", "role", "event_level", "job"]), Is.Empty);
        Assert.That((long)ok[0]!["ad_hoc_command"]!, Is.EqualTo(id));
        var url = (string)ok[0]!["url"]!;
        Assert.That(url, Does.StartWith("/api/v2/ad_hoc_command_events/"));
        Assert.That((await Admin.GetAsync(url))["related"]!["ad_hoc_command"]!.ToString(), Is.EqualTo($"/api/v2/ad_hoc_commands/{id}/"));
        Assert.That((await Admin.GetAsync($"job_events/{ok[0]!["id"]}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Admin.GetAsync($"job_events/?id={ok[0]!["id"]}")).Column("id"), Is.Empty);
    }

    private async Task AssertListedAsync(long id)
    {
        Assert.That((await Admin.GetAsync($"unified_jobs/?type=ad_hoc_command&id={id}")).Column("module_name"), Is.EqualTo(new[] { "ping" }));
        Assert.That((await Admin.GetAsync($"jobs/?id={id}")).Column("id"), Is.Empty);
        Assert.That((await Admin.GetAsync($"jobs/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Admin.GetAsync($"inventories/{_rig.Inventory}/ad_hoc_commands/?id={id}")).Column("name"), Is.EqualTo(new[] { "ping" }));
        Assert.That((await Admin.GetAsync($"hosts/{_rig.Host}/ad_hoc_commands/?id={id}")).Column("id"), Is.EqualTo(new[] { $"{id}" }));
        var told = await Admin.GetAsync($"ad_hoc_commands/{id}/activity_stream/");
        Assert.That(told.Column("operation"), Is.EqualTo(new[] { "create" }));
        var reported = await Admin.GetAsync($"/odata/Jobs?$filter=Id eq {id}&$expand=Events($filter=Event eq 'runner_on_ok')");
        Assert.That((string?)reported["value"]![0]!["Type"], Is.EqualTo("ad_hoc_command"), reported.Text);
        Assert.That(reported["value"]![0]!["Events"]!.AsArray(), Has.Count.EqualTo(2));
    }
}

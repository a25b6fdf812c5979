using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>The roots, and what the server says of itself: every key that clients read, in the order of AWX.</summary>
internal sealed class RootsTableTests(DatabaseKind kind) : ApiFixture(kind)
{
    private static readonly string[] OrderInAwx =
    [
        "ping", "instances", "instance_groups", "receptor_addresses", "config", "settings", "me", "dashboard", "organizations", "users",
        "execution_environments", "projects", "project_updates", "teams", "credentials", "credential_types", "credential_input_sources",
        "applications", "tokens", "metrics", "inventory", "constructed_inventory", "inventory_sources", "inventory_updates", "groups", "hosts",
        "host_metrics", "host_metric_summary_monthly", "job_templates", "jobs", "ad_hoc_commands", "system_job_templates", "system_jobs",
        "schedules", "roles", "notification_templates", "notifications", "labels", "unified_job_templates", "unified_jobs", "activity_stream",
        "workflow_job_templates", "workflow_jobs", "workflow_approvals", "workflow_job_template_nodes", "workflow_job_nodes",
        "mesh_visualizer", "bulk", "analytics", "service_index", "role_definitions", "role_user_assignments", "role_team_assignments",
    ];

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        await SampleRows.InsertAsync(Server, 2);
        await using var db = Server.Database.Open();
        var (now, project) = (DateTime.UtcNow, new Project { Name = Fresh("failed"), ScmType = ScmTypes.Git, LastUpdateFailed = true });
        db.Add(project);
        db.Add(new Job { Name = "a", Status = JobStatuses.Successful, Finished = now });
        db.Add(new Job { Name = "b", Status = JobStatuses.Successful, Finished = now.AddDays(-20) });
        db.Add(new Job { Name = "c", Status = JobStatuses.Error, Finished = now });
        db.Add(new ProjectUpdate { Name = "d", Project = project, Status = JobStatuses.Failed, Finished = now });
        await db.SaveChangesAsync();
    }

    [Test]
    public async Task Versions_AreListedWithEveryKey()
    {
        using var anonymous = Server.Client(null);

        var json = (await anonymous.GetAsync("/api/")).Json.ToJsonString();

        Assert.That(
            json,
            Is.EqualTo("""{"description":"AWX REST API","current_version":"/api/v2/","available_versions":{"v2":"/api/v2/"},"oauth2":"/api/o/","custom_logo":"","custom_login_info":"","login_redirect_override":""}"""));
    }

    [Test]
    public async Task NothingButTheName_LeadsToTheApi()
    {
        using var anonymous = Server.Client(null);

        var answer = await anonymous.GetAsync("/");

        Assert.That((answer.Status, answer.Headers.GetValueOrDefault("Location")), Is.EqualTo((HttpStatusCode.Found, "/api/")));
    }

    [Test]
    public async Task Resources_AreListedInAwxOrder_OursAfterThem()
    {
        using var anonymous = Server.Client(null);

        var root = (await anonymous.GetAsync("/api/v2/")).Json.AsObject();

        var keys = root.Select(pair => pair.Key).ToList();
        var known = keys.Where(OrderInAwx.Contains).ToList();
        Assert.That(known, Is.EqualTo(OrderInAwx.Where(keys.Contains)));
        Assert.That(keys.Take(known.Count), Is.EqualTo(known), "what AWX doesn't have comes last");
        Assert.That(root["inventory"]!.ToString(), Is.EqualTo("/api/v2/inventories/"));
        foreach (var (key, url) in root.Where(pair => pair.Key != "inventory"))
        {
            Assert.That(url!.ToString(), Is.EqualTo($"/api/v2/{key}/"));
        }

        Assert.That(
            keys,
            Is.SupersetOf(new[] { "ping", "instances", "instance_groups", "config", "me", "dashboard", "organizations", "users", "teams", "applications", "tokens", "inventory", "jobs" }));
    }

    [Test]
    public async Task EveryResourceThatIsNotListed_IsNotThere()
    {
        var keys = (await Admin.GetAsync("/api/v2/")).Json.AsObject().Select(pair => pair.Key).ToList();

        foreach (var missing in OrderInAwx.Except(keys))
        {
            Assert.That((await Admin.GetAsync($"{missing}/")).Status, Is.EqualTo(HttpStatusCode.NotFound), missing);
        }
    }

    [Test]
    public async Task Ping_ShowsInstancesAndGroups()
    {
        using var anonymous = Server.Client(null);

        var ping = await anonymous.GetAsync("ping/");

        Assert.That(Keys(ping.Json), Is.EqualTo(new[] { "ha", "version", "active_node", "install_uuid", "instances", "instance_groups" }));
        Assert.That(Guid.TryParse(ping["install_uuid"]!.ToString(), out _), Is.True);
        var instances = ping["instances"]!.AsArray();
        Assert.That(Keys(instances[0]!), Is.EqualTo(new[] { "node", "node_type", "uuid", "heartbeat", "capacity", "version" }));
        Assert.That(instances.Select(row => row!["node"]!.ToString()), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Contains(ApiServer.Hostname));
        var groups = ping["instance_groups"]!.AsArray();
        Assert.That(Keys(groups[0]!), Is.EqualTo(new[] { "name", "capacity", "instances" }));
        Assert.That(groups.Select(row => row!["name"]!.ToString().ToLowerInvariant()), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Contains("default"));
    }

    [Test]
    public async Task HopInstances_AreNotPinged_AndSeveralControllersAreHighlyAvailable()
    {
        await Server.InsertAsync(new Instance { Hostname = "hop.example.org", NodeType = NodeTypes.Hop });
        await Server.InsertAsync(new Instance { Hostname = "control.example.org", NodeType = NodeTypes.Control });

        var ping = await Admin.GetAsync("ping/");

        Assert.That(ping["instances"]!.AsArray().Select(row => row!["node"]!.ToString()), Does.Not.Contain("hop.example.org"));
        Assert.That((bool)ping["ha"]!, Is.True);
    }

    [Test]
    public async Task Config_TellsAdministratorsMore()
    {
        await Admin.CreateAsync("users/", """{"username":"plain","password":"pass"}""");
        using var plain = Server.ClientFor("plain", "pass");

        var all = await Admin.GetAsync("config/");
        var some = await plain.GetAsync("config/");

        string[] open = ["time_zone", "license_info", "version", "eula", "analytics_status", "analytics_collectors", "become_methods"];
        Assert.That(Keys(some.Json), Is.EqualTo(open));
        Assert.That(Keys(all.Json), Is.EqualTo(open.Concat(["project_base_dir", "project_local_paths", "custom_virtualenvs"])));
        Assert.That(
            all["license_info"]!.ToJsonString(),
            Is.EqualTo("""{"license_type":"open","valid_key":true,"subscription_name":"OPEN","product_name":"AWX"}"""));
        Assert.That(all["eula"]!.ToString(), Is.Empty);
        Assert.That(all["become_methods"]![0]!.ToJsonString(), Is.EqualTo("""["sudo","Sudo"]"""));
        Assert.That(all["version"]!.ToString(), Is.EqualTo((await Admin.GetAsync("ping/"))["version"]!.ToString()));
    }

    [Test]
    public async Task Me_IsAPageOfExactlyTheCaller()
    {
        var me = await Admin.GetAsync("me/");

        Assert.That(Keys(me.Json), Is.EqualTo(new[] { "count", "next", "previous", "results" }));
        Assert.That((int)me["count"]!, Is.EqualTo(1));
        Assert.That(me.Column("username"), Is.EqualTo(new[] { "admin" }));
    }

    [Test]
    public async Task Dashboard_CountsEverything_AndItsLinksAgree()
    {
        var board = await Admin.GetAsync("dashboard/");

        Assert.That(
            Keys(board.Json),
            Is.EqualTo(new[] { "related", "inventories", "inventory_sources", "groups", "hosts", "projects", "scm_types", "users", "organizations", "teams", "credentials", "job_templates" }));
        Assert.That(Keys(board["inventories"]!), Is.EqualTo(new[] { "url", "total", "total_with_inventory_source", "job_failed", "inventory_failed" }));
        Assert.That(Keys(board["scm_types"]!), Is.EqualTo(new[] { "git", "svn", "archive" }));
        Assert.That(Keys(board["scm_types"]!["git"]!), Is.EqualTo(new[] { "url", "label", "failures_url", "total", "failed" }));
        Assert.That((int)board["projects"]!["failed"]!, Is.EqualTo(1));
        foreach (var (name, part) in board.Json.AsObject().Concat(board["scm_types"]!.AsObject()).Where(pair => pair.Value!["url"] is not null))
        {
            Assert.That(await CountAsync(part!["url"]!), Is.EqualTo((int)part["total"]!), name);
            if (part["failures_url"] is { } failures)
            {
                Assert.That(await CountAsync(failures), Is.EqualTo((int)part["failed"]!), name);
            }
        }
    }

    [TestCase("", 31, 1)]
    [TestCase("?period=month", 31, 1)]
    [TestCase("?period=two_weeks", 15, 1)]
    [TestCase("?period=week", 8, 1)]
    [TestCase("?period=day", 25, 1)]
    [TestCase("?period=week&job_type=playbook_run", 8, 0)]
    [TestCase("?period=week&job_type=scm_update", 8, 1)]
    [TestCase("?period=week&job_type=inv_sync", 8, 0)]
    public async Task Graph_HasAPointForEachStep(string query, int points, int failed)
    {
        var graph = (await Admin.GetAsync("dashboard/graphs/jobs/" + query))["jobs"]!;

        Assert.That(Keys(graph), Is.EqualTo(new[] { "successful", "failed", "canceled", "error" }));
        Assert.That(graph["successful"]!.AsArray(), Has.Count.InRange(points - 2, points + 1));
        Assert.That(graph["failed"]!.AsArray().Sum(point => (int)point![1]!), Is.EqualTo(failed));
        Assert.That(graph["failed"]!.AsArray().Select(point => (long)point![0]!), Is.Ordered.Ascending);
        if (query.Length == 0)
        {
            Assert.That(graph["successful"]!.AsArray().Sum(point => (int)point![1]!), Is.EqualTo(2));
            Assert.That(graph["error"]!.AsArray().Sum(point => (int)point![1]!), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Graph_OfAnUnknownPeriod_IsRefused()
    {
        var answer = await Admin.GetAsync("dashboard/graphs/jobs/?period=century");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["error"]!.ToString(), Is.EqualTo("Unknown period \"century\""));
    }

    [Test]
    public async Task ApplicationThatLogsIn_IsNoUser_AndCountsAsNoFailure()
    {
        using var client = new TestBrowser(Server.Address);
        var made = await Admin.PostAsync(
            "applications/", """{"name":"many grants","organization":1,"client_type":"confidential","authorization_grant_type":"password"}""");
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{made["client_id"]}:{made["client_secret"]}"));

        // More than the failures that an address has free.
        for (var i = 0; i < 25; i++)
        {
            var answer = await client.PostFormAsync(
                "/api/o/token/", [("grant_type", "password"), ("username", "admin"), ("password", ApiServer.Password)], ("Authorization", $"Basic {basic}"));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        }

        await Admin.CreateAsync("users/", """{"username":"late","password":"pass"}""");
        using var late = Server.ClientFor("late", "pass");
        Assert.That((await late.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static IEnumerable<string> Keys(JsonNode json) => json.AsObject().Select(pair => pair.Key);

    private async Task<int> CountAsync(JsonNode url) => (int)(await Admin.GetAsync(url.ToString()))["count"]!;
}

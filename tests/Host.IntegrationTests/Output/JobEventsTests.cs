using System.Text.Json;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class JobEventsTests
{
    private OutputServer _server = null!;
    private long _job;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await OutputServer.StartAsync();
        await using var db = _server.Open();
        var inventory = new Inventory { Name = "inventory", Organization = await OrganizationAsync(db) };
        inventory.Hosts.Add(new InventoryHost { Name = "web1" });
        inventory.Hosts.Add(new InventoryHost { Name = "web2" });
        db.Inventories.Add(inventory);
        await db.SaveChangesAsync();
        _job = await _server.AddEndedJobAsync(JobTypes.Run, Recordings.Site, job => job.InventoryId = inventory.Id);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task List_IsInOrderOfLines_WithAllFields()
    {
        var list = await _server.GetAsync($"/api/v2/jobs/{_job}/job_events/?page_size=200");

        var events = list.GetProperty("results").EnumerateArray().ToList();
        Assert.That(list.GetProperty("count").GetInt32(), Is.EqualTo(events.Count).And.GreaterThan(80));
        Assert.That(events.Select(e => e.GetProperty("counter").GetInt32()), Is.EqualTo(Enumerable.Range(1, events.Count)));
        var failed = events.Single(e => Matches(e, "runner_on_failed", "Fail on one"));
        Assert.Multiple(() =>
        {
            Assert.That(failed.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[]
            {
                "id", "type", "url", "related", "summary_fields", "created", "modified", "job", "event", "counter", "event_display", "event_data",
                "event_level", "failed", "changed", "uuid", "parent_uuid", "host", "host_name", "playbook", "play", "task", "role", "stdout",
                "start_line", "end_line", "verbosity",
            }));
            Assert.That(failed.GetProperty("type").GetString(), Is.EqualTo("job_event"));
            Assert.That(failed.GetProperty("event_display").GetString(), Is.EqualTo("Host Failed"));
            Assert.That(failed.GetProperty("event_level").GetInt32(), Is.EqualTo(3));
            Assert.That(failed.GetProperty("host").GetInt64(), Is.GreaterThan(0));
            Assert.That(failed.GetProperty("related").GetProperty("job").GetString(), Is.EqualTo($"/api/v2/jobs/{_job}/"));
            Assert.That(failed.GetProperty("related").TryGetProperty("children", out _), Is.True);
            Assert.That(failed.GetProperty("event_data").GetProperty("res").GetProperty("rc").GetInt32(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Filters_FindWhatFailed()
    {
        var list = await _server.GetAsync($"/api/v2/jobs/{_job}/job_events/?event__startswith=runner_on&failed=true");

        Assert.That(
            list.GetProperty("results").EnumerateArray().Select(e => e.GetProperty("host_name").GetString()),
            Is.EquivalentTo(new[] { "web2", "lost", "web1", "web3" }));
    }

    [Test]
    public async Task TaskOfAFailedHost_IsMarkedFailed_AndHasItsEventsAsChildren()
    {
        var task = (await _server.GetAsync($"/api/v2/jobs/{_job}/job_events/?event=playbook_on_task_start&task=Fail on one"))
            .GetProperty("results")[0];
        var id = task.GetProperty("id").GetInt64();

        var children = await _server.GetAsync($"/api/v2/job_events/{id}/children/");

        Assert.That(task.GetProperty("failed").GetBoolean(), Is.True);
        Assert.That(task.GetProperty("event_display").GetString(), Is.EqualTo("Task Started (Fail on one)"));
        Assert.That(
            children.GetProperty("results").EnumerateArray().Select(e => e.GetProperty("parent_uuid").GetString()).Distinct(),
            Is.EqualTo(new[] { task.GetProperty("uuid").GetString() }));
        Assert.That((await _server.GetAsync($"/api/v2/job_events/{id}/")).GetProperty("uuid").GetString(), Is.EqualTo(task.GetProperty("uuid").GetString()));
    }

    [Test]
    public async Task ChildrenSummary_CountsWhatLiesBelow()
    {
        var summary = await _server.GetAsync($"/api/v2/jobs/{_job}/job_events/children_summary/");

        var children = summary.GetProperty("children_summary");
        var count = (await _server.GetAsync($"/api/v2/jobs/{_job}/job_events/?page_size=1")).GetProperty("count").GetInt32();
        // The second event is the playbook's start, above everything but what was printed before it.
        Assert.That(children.GetProperty("2").GetProperty("numChildren").GetInt32(), Is.EqualTo(count - 2));
        Assert.That(children.GetProperty("2").GetProperty("rowNumber").GetInt32(), Is.EqualTo(1));
        Assert.That(summary.GetProperty("is_tree").GetBoolean(), Is.True);
        Assert.That(summary.GetProperty("event_processing_finished").GetBoolean(), Is.False, "its output is stored; that it has ended is not");
    }

    [Test]
    public async Task HostSummaries_SayHowEachHostFared_AndMarkTheHosts()
    {
        var list = await _server.GetAsync($"/api/v2/jobs/{_job}/job_host_summaries/");

        var web2 = list.GetProperty("results").EnumerateArray().Single(s => s.GetProperty("host_name").GetString() == "web2");
        Assert.That(list.GetProperty("count").GetInt32(), Is.EqualTo(4));
        Assert.That((web2.GetProperty("ok").GetInt32(), web2.GetProperty("failures").GetInt32(), web2.GetProperty("failed").GetBoolean()), Is.EqualTo((5, 1, true)));
        await using var db = _server.Open();
        var hosts = await db.Hosts.OrderBy(h => h.Name).Select(h => new { h.Name, h.LastJobId, h.HasActiveFailures }).ToListAsync();
        Assert.That(
            hosts.Select(h => (h.Name, h.LastJobId, h.HasActiveFailures)),
            Is.EqualTo(new[] { ("web1", (long?)_job, false), ("web2", (long?)_job, true) }));
    }

    [Test]
    public async Task ForgedSecondRecap_ChangesNothing()
    {
        var recap = """{"uuid": "u1", "event": "playbook_on_stats", "stdout": "", "event_data": {"ok": {"a": 1}}}""" + "\n";

        var job = await _server.AddEndedJobAsync(JobTypes.Run, System.Text.Encoding.UTF8.GetBytes(recap + recap));

        var list = await _server.GetAsync($"/api/v2/jobs/{job}/job_host_summaries/");
        Assert.That(list.GetProperty("count").GetInt32(), Is.EqualTo(1));
    }

    private static async Task<Organization> OrganizationAsync(AppDb db) =>
        await db.Organizations.FirstOrDefaultAsync() ?? new Organization { Name = "organization" };

    private static bool Matches(JsonElement e, string name, string task) =>
        e.GetProperty("event").GetString() == name && e.GetProperty("task").GetString() == task;
}

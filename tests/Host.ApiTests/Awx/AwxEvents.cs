using System.Globalization;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>What the job that went well told: one event of each kind that Ansible has, one line each, and how its hosts fared.</summary>
internal static class AwxEvents
{
    private static readonly (string Event, string Play, string Task, string Role, string Data)[] Told =
    [
        ("playbook_on_start", "", "", "", "{}"),
        ("playbook_on_notify", "", "", "", "{}"),
        ("playbook_on_include", "", "", "", "{}"),
        ("playbook_on_no_hosts_matched", "", "", "", "{}"),
        ("playbook_on_no_hosts_remaining", "", "", "", "{}"),
        ("playbook_on_setup", "", "", "", "{}"),
        ("playbook_on_import_for_host", "", "", "", "{}"),
        ("playbook_on_not_import_for_host", "", "", "", "{}"),
        ("playbook_on_vars_prompt", "", "", "", "{}"),
        ("playbook_on_play_start", "all of them", "", "", "{}"),
        ("playbook_on_task_start", "all of them", "install", "", "{}"),
        ("playbook_on_task_start", "all of them", "install", "web", "{}"),
        ("playbook_on_task_start", "all of them", "restart", "", """{"is_conditional": true}"""),
        ("runner_on_start", "", "", "", "{}"), ("runner_on_ok", "", "", "", "{}"), ("runner_on_skipped", "", "", "", "{}"),
        ("runner_on_no_hosts", "", "", "", "{}"), ("runner_on_async_poll", "", "", "", "{}"), ("runner_on_async_ok", "", "", "", "{}"),
        ("runner_item_on_ok", "", "", "", "{}"), ("runner_item_on_skipped", "", "", "", "{}"), ("runner_retry", "", "", "", "{}"),
        ("runner_on_file_diff", "", "", "", "{}"), ("runner_on_failed", "", "", "", "{}"), ("runner_on_error", "", "", "", "{}"),
        ("runner_on_unreachable", "", "", "", "{}"), ("runner_on_async_failed", "", "", "", "{}"), ("runner_item_on_failed", "", "", "", "{}"),
        ("debug", "", "", "", "{}"), ("verbose", "", "", "", "{}"), ("deprecated", "", "", "", "{}"), ("warning", "", "", "", "{}"),
        ("system_warning", "", "", "", "{}"), ("error", "", "", "", "{}"),
        ("playbook_on_stats", "", "", "", "{}"),
    ];

    /// <summary>Keeps the id of each event as <c>ev_EVENT</c>; of those told more than once, the second as <c>ev_EVENT2</c> and so on.</summary>
    public static async Task AddAsync(ApiServer server, Dictionary<string, string> known)
    {
        await using var db = server.Database.Open();
        var id = Number("successful_job");
        var job = await db.Jobs.AsTracking().SingleAsync(row => row.Id == id);
        (job.JobTemplateId, job.InventoryId, job.ProjectId, job.OrganizationId) = (Number("template"), Number("inventory"), Number("project"), Number("org"));
        job.HostStatusCounts = """{"ok":1}""";
        var events = Told.Select((told, i) => new JobEvent
        {
            JobId = id,
            Counter = i + 1,
            Uuid = $"uuid-{i + 1}",
            Event = told.Event,
            EventData = told.Data,
            Play = told.Play,
            Task = told.Task,
            Role = told.Role,
            Playbook = "site.yml",
            HostName = told.Event.StartsWith("runner", StringComparison.Ordinal) ? "h1" : "",
            HostId = told.Event.StartsWith("runner", StringComparison.Ordinal) ? Number("host") : null,

            // One longer than lists show, with a colour that is not ended.
            Stdout = told.Event == "runner_on_ok" ? "\u001b[0;32m" + new string('x', 2000) : $"line {i}",
            StartLine = i,
            EndLine = i + 1,
            Created = DateTime.UtcNow,
        }).ToList();
        db.AddRange(events);
        db.Add(new JobHostSummary { JobId = id, HostId = Number("host"), HostName = "h1", Ok = 1, Changed = 1, Processed = 1, Created = DateTime.UtcNow });
        await db.SaveChangesAsync();
        foreach (var same in events.GroupBy(told => told.Event))
        {
            foreach (var (told, i) in same.Select((told, i) => (told, i)))
            {
                known[$"ev_{told.Event}{(i == 0 ? "" : i + 1)}"] = told.Id.ToString(CultureInfo.InvariantCulture);
            }
        }

        long Number(string name) => long.Parse(known[name], CultureInfo.InvariantCulture);
    }
}

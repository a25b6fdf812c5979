using System.Collections.Frozen;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>AWX's table of events: how deep they stand, how they are called, which mean failure.</summary>
internal static class EventKinds
{
    private static readonly FrozenDictionary<string, (int Level, string Display)> Kinds = new Dictionary<string, (int, string)>
    {
        ["playbook_on_start"] = (0, "Playbook Started"),
        ["playbook_on_notify"] = (2, "Running Handlers"),
        ["playbook_on_include"] = (2, "Including File"),
        ["playbook_on_no_hosts_matched"] = (2, "No Hosts Matched"),
        ["playbook_on_no_hosts_remaining"] = (2, "No Hosts Remaining"),
        ["playbook_on_setup"] = (2, "Gathering Facts"),
        ["playbook_on_import_for_host"] = (2, "internal: on Import for Host"),
        ["playbook_on_not_import_for_host"] = (2, "internal: on Not Import for Host"),
        ["playbook_on_vars_prompt"] = (1, "Variables Prompted"),
        [JobEvents.PlayStart] = (1, "Play Started"),
        [JobEvents.TaskStart] = (2, "Task Started"),
        [JobEvents.Stats] = (1, "Playbook Complete"),
        ["runner_on_start"] = (3, "Host Started"),
        ["runner_on_ok"] = (3, "Host OK"),
        ["runner_on_skipped"] = (3, "Host Skipped"),
        ["runner_on_no_hosts"] = (3, "No Hosts Remaining"),
        ["runner_on_async_poll"] = (3, "Host Polling"),
        ["runner_on_async_ok"] = (3, "Host Async OK"),
        ["runner_item_on_ok"] = (3, "Item OK"),
        ["runner_item_on_skipped"] = (3, "Item Skipped"),
        ["runner_retry"] = (3, "Host Retry"),
        ["runner_on_file_diff"] = (3, "File Difference"),
        ["runner_on_failed"] = (3, "Host Failed"),
        ["runner_on_error"] = (3, "Host Failure"),
        ["runner_on_unreachable"] = (3, "Host Unreachable"),
        ["runner_on_async_failed"] = (3, "Host Async Failure"),
        ["runner_item_on_failed"] = (3, "Item Failed"),
        ["debug"] = (0, "Debug"),
        [JobEvents.Verbose] = (0, "Verbose"),
        ["deprecated"] = (0, "Deprecated"),
        ["warning"] = (0, "Warning"),
        ["system_warning"] = (0, "System Warning"),
        ["error"] = (0, "Error"),
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Failures = FrozenSet.Create(
        "runner_on_failed", "runner_on_error", "runner_on_unreachable", "runner_on_async_failed", "runner_item_on_failed", "error");

    public static bool SetsFailed(string name) => Failures.Contains(name);

    public static int Level(string name) => Kinds.TryGetValue(name, out var kind) ? kind.Level : 0;

    /// <summary>The event in words.</summary>
    public static string Display(JobEvent e) => e.Event switch
    {
        JobEvents.PlayStart when e.Play.Length > 0 => $"Play Started ({e.Play})",
        JobEvents.TaskStart => TaskDisplay(e),
        _ => Kinds.TryGetValue(e.Event, out var kind) ? kind.Display : e.Event,
    };

    private static string TaskDisplay(JobEvent e)
    {
        var what = e.EventData.Contains("\"is_conditional\": true", StringComparison.Ordinal) ? "Handler Notified" : "Task Started";
        return e.Task.Length == 0 ? what
            : e.Role.Length == 0 ? $"{what} ({e.Task})"
            : $"{what} ({e.Role} | {e.Task})";
    }
}

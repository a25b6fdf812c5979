using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>From the runner's events to stored ones: AWX's rules.</summary>
internal static class JobEvents
{
    public const string PlayStart = "playbook_on_play_start";
    public const string TaskStart = "playbook_on_task_start";
    public const string Stats = "playbook_on_stats";
    public const string Verbose = "verbose";

    public static JobEvent From(EventLine line, DateTime created)
    {
        var fields = line.Fields;
        var stats = line.Event == Stats ? new PlaybookStats(fields.Counts) : null;
        return new JobEvent
        {
            Event = line.Event,
            Uuid = line.Uuid,
            ParentUuid = line.ParentUuid,
            Created = created,
            EventData = line.Data,
            Failed = stats?.Failed ?? (EventKinds.SetsFailed(line.Event) && !fields.IgnoreErrors),
            Changed = stats?.Changed ?? fields.Changed,
            Playbook = fields.Playbook,
            Play = fields.Play,
            Task = fields.Task,
            Role = fields.Role,
            HostName = fields.Host,
            Stdout = JsonText.ToStorable(line.Stdout.Span),
            Verbosity = line.Verbosity,
            DurationSeconds = fields.DurationSeconds,
        };
    }
}

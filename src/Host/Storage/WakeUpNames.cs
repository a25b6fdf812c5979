namespace ContainerGroups.Host.Storage;

/// <summary>What hosts and their parts call each other for.</summary>
internal static class WakeUpNames
{
    /// <summary>A job may have become claimable: launched, room made, a project synced, an instance ready.</summary>
    public const string Dispatch = "dispatch";

    /// <summary>A job has ended; the payload is its id.</summary>
    public const string JobFinished = "job-finished";

    /// <summary>Somebody wants a job canceled; the payload is its id.</summary>
    public const string Cancel = "cancel";

    /// <summary>A project update was asked for, or has ended; the payload is its id.</summary>
    public const string ProjectUpdates = "project-updates";

    /// <summary>A schedule was made or changed: another one may be the next to fire.</summary>
    public const string Schedules = "schedules";

    /// <summary>There is something to tell people.</summary>
    public const string Notifications = "notifications";

    /// <summary>Somebody asked for a health check, or changed or gave up an instance.</summary>
    public const string Instances = "instances";
}

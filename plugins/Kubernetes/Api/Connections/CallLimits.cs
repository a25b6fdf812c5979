namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>How long a call may take.</summary>
internal sealed record CallLimits
{
    /// <summary>One try of a GET, to the end of its answer.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>One try of anything else: an admission webhook may take 30 s of it.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>No further try begins later than this after the first one.</summary>
    public TimeSpan Retries { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a watch asks the server to go on.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest silence of a watch. A server that sends bookmarks does so about every minute; for others the watch begins
    /// anew from where it was, which costs one request.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>One try of each call: for asking how things are now.</summary>
    public static CallLimits Probe { get; } = new() { Read = TimeSpan.FromSeconds(8), Write = TimeSpan.FromSeconds(8), Retries = TimeSpan.Zero };
}

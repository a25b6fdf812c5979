namespace ContainerGroups.Host.Notifications;

/// <summary>How people are told of jobs: <c>Notifications</c> of the configuration.</summary>
internal sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>How clients reach this server, such as <c>https://jobs.example.org</c>; put before the addresses of jobs.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>The hosts that webhooks may be sent to: names, or <c>*.example.org</c>; empty for any.</summary>
    public List<string> AllowedHosts { get; } = [];

    /// <summary>Networks that no webhook is sent to, such as <c>10.0.0.0/8</c>, besides those of the link itself, where clouds hand out secrets.</summary>
    public List<string> BlockedNetworks { get; } = [];

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after the event it is given up.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);
}

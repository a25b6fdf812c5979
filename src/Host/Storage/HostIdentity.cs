namespace ContainerGroups.Host.Storage;

/// <summary>Which host of the installation this process is: the hostname of the instance that it serves, which no other live host has.</summary>
internal sealed record HostIdentity(string Hostname)
{
    /// <summary>The configuration's <c>Instance</c>, else the machine's own name.</summary>
    public static HostIdentity From(IConfiguration configuration) =>
        new(configuration["Instance"] is { Length: > 0 } name ? name : Environment.MachineName);
}

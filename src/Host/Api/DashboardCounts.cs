namespace ContainerGroups.Host.Api;

/// <summary>What the dashboard counts.</summary>
internal sealed class DashboardCounts
{
    public int Inventories { get; init; }

    public int InventoriesWithFailedHosts { get; init; }

    public int Groups { get; init; }

    public int Hosts { get; init; }

    public int FailedHosts { get; init; }

    public int Projects { get; init; }

    public int FailedProjects { get; init; }

    public int GitProjects { get; init; }

    public int FailedGitProjects { get; init; }

    public int ArchiveProjects { get; init; }

    public int FailedArchiveProjects { get; init; }

    public int Users { get; init; }

    public int Organizations { get; init; }

    public int Teams { get; init; }

    public int Credentials { get; init; }

    public int JobTemplates { get; init; }
}

namespace ContainerGroups.Host.Projects;

/// <summary>An update that this host runs, as long as its row carries the epoch.</summary>
internal sealed record ProjectUpdateClaim(long UpdateId, int Epoch, DateTime Started);

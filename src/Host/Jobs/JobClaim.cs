namespace ContainerGroups.Host.Jobs;

/// <summary>The right to run one job. Every write of a runner carries it, and changes nothing once another claim has a higher epoch.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">The job's <c>ClaimEpoch</c> when it was claimed.</param>
/// <param name="Timeline">What happened since the last write, stored with the next.</param>
internal sealed record JobClaim(long JobId, int Epoch, JobTimeline Timeline);

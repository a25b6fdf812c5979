using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.ExecutionEnvironments;

/// <summary>Which image a job gets, where there are images.</summary>
/// <param name="Image">The job's or its template's own; null to leave it to the group.</param>
/// <param name="DefaultImage">The project's, the organization's or the configured one, for when the group names none either.</param>
/// <param name="Pull">When to pull; empty to leave it to the group.</param>
internal sealed record JobImage(string? Image, string? DefaultImage, string Pull)
{
    /// <summary>Decides (design, section 7): the job's own environment; else the group decides; else the project's, the organization's
    /// or the configured one.</summary>
    public static JobImage Choose(
        ExecutionEnvironment? own, ExecutionEnvironment? projects, ExecutionEnvironment? organizations, ExecutionEnvironmentOptions options)
    {
        var fallback = projects ?? organizations;
        return new JobImage(own?.Image, fallback?.Image ?? options.Default, (own ?? fallback)?.Pull ?? "");
    }
}

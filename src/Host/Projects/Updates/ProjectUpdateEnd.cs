using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>How an update ended.</summary>
internal sealed record ProjectUpdateEnd
{
    /// <summary>One of the final <see cref="JobStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One plain sentence; empty on success.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The commit; empty unless it succeeded.</summary>
    public string Revision { get; init; } = "";

    public IReadOnlyList<string> Playbooks { get; init; } = [];

    public static ProjectUpdateEnd Canceled { get; } = new() { Status = JobStatuses.Canceled };

    public static ProjectUpdateEnd Failed(string explanation) => new() { Status = JobStatuses.Failed, Explanation = explanation };

    public static ProjectUpdateEnd Error(string explanation) => new() { Status = JobStatuses.Error, Explanation = explanation };
}

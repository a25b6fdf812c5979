namespace ContainerGroups.Kubernetes.Api;

internal enum PodChangeType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing changed; the watch has come as far as the resource version says.</summary>
    Bookmark,
}

/// <summary>One line of a watch. The next watch goes on after <see cref="ResourceVersion"/>.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Pod">The pod after it; for a deletion as it last was; null for a bookmark.</param>
/// <param name="ResourceVersion">How far the watch has come with this line.</param>
internal sealed record PodChange(PodChangeType Type, Pod? Pod, string ResourceVersion);

/// <summary>All pods at one moment; a watch from <paramref name="ResourceVersion"/> on tells everything that came after.</summary>
internal sealed record PodList(IReadOnlyList<Pod> Pods, string ResourceVersion);

using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>How a pod was when it was last seen.</summary>
/// <param name="Pod">Null when there is no such pod.</param>
/// <param name="Changed">Completes when it has changed since.</param>
internal readonly record struct PodSighting(Pod? Pod, Task Changed);

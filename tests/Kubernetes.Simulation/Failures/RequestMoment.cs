namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>A moment in the life of a request.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="IsAnswered">Whether it is done, and something is about to be sent in answer; else nothing has been done yet.</param>
public sealed record RequestMoment(RequestKind Kind, bool IsAnswered);

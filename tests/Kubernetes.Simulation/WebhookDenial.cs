namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>A validating webhook's refusal of a pod.</summary>
public sealed record WebhookDenial(string? Message, int Code = 400, string Reason = "");

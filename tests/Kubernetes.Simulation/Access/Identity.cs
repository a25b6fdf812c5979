namespace ContainerGroups.Kubernetes.Simulation.Access;

/// <summary>Whoever a request is from.</summary>
internal sealed record Identity(string User, IReadOnlyList<string> Groups, string? Namespace = null)
{
    public const string ServiceAccountPrefix = "system:serviceaccount:";

    public static Identity Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    public static Identity Admin { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    public bool IsAdmin => Groups.Contains("system:masters");

    public bool IsAnonymous => Groups.Contains("system:unauthenticated");

    public static Identity ServiceAccount(string @namespace, string name) => new(
        $"{ServiceAccountPrefix}{@namespace}:{name}",
        ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", "system:authenticated"],
        @namespace);
}

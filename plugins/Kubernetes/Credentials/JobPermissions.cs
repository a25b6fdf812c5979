using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>One thing that a Role allows.</summary>
/// <param name="Verb">As RBAC spells it.</param>
/// <param name="Resource">With its subresource: <c>pods/exec</c>.</param>
internal sealed record Permission(string Verb, string Resource)
{
    public override string ToString() => $"{Verb} {Resource}";
}

/// <summary>What jobs in pods take, and which of it an account lacks.</summary>
internal static class JobPermissions
{
    /// <summary>The verbs of the documented Role that are used. For exec, create is enough: where a WebSocket asks for get and is refused,
    /// SPDY asks for create.</summary>
    public static IReadOnlyList<Permission> Needed { get; } =
    [
        new("create", "pods"), new("get", "pods"), new("list", "pods"), new("watch", "pods"), new("delete", "pods"), new("create", "pods/exec"),
    ];

    /// <summary>Asks the cluster for each.</summary>
    /// <exception cref="ApiException">The cluster does not say.</exception>
    public static async Task<IReadOnlyList<Permission>> FindMissingAsync(KubernetesApi api, string @namespace, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Needed.Select(permission =>
        {
            var resource = permission.Resource.Split('/', 2);
            return api.ReviewAsync(@namespace, permission.Verb, resource[0], resource.Length > 1 ? resource[1] : "", cancellationToken);
        }));
        return [.. Needed.Where((_, index) => !answers[index].Allowed)];
    }

    /// <summary>The rules to add to a Role, one for each resource.</summary>
    public static string RoleRules(IEnumerable<Permission> missing) => string.Join(
        " and ",
        missing.GroupBy(permission => permission.Resource, permission => permission.Verb)
            .Select(group => FailureAdvice.RoleRule("", group.Key, [.. group])));
}

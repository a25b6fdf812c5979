using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Says whether a group's jobs could run in its namespace now.</summary>
internal static class ClusterHealth
{
    /// <summary>Without it jobs run all the same; their pods are listed now and then instead.</summary>
    private const string Watch = "watch pods";

    public static async Task<BackendHealth> CheckAsync(
        KubernetesApi api, BackendTarget target, string @namespace, bool isListing, CancellationToken cancellationToken)
    {
        var claims = TokenClaims.Read(target.Credential.GetString(BearerTokenType.Token) ?? "");
        var test = await ClusterTest.RunAsync(api, claims, @namespace, cancellationToken);
        var listing = isListing || test.MissingPermissions.Contains(Watch);
        return new BackendHealth
        {
            Healthy = test is { Reachable: true, Authenticated: true } && test.MissingPermissions.All(permission => permission == Watch),
            Message = listing ? $"{test.Message} Without watch, pods are listed every few seconds instead, so that jobs start and end a little later." : test.Message,
            MissingPermissions = test.MissingPermissions,
            Details = test.Details,
        };
    }
}

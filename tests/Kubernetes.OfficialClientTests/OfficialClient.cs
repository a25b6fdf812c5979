using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Kubernetes.ClusterTests;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace ContainerGroups.Kubernetes.OfficialClientTests;

/// <summary>Kubernetes' own client for .NET, with the service account of a cluster.</summary>
internal static class OfficialClient
{
    public static IKubernetes Connect(Cluster cluster)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(cluster.AuthorityPem);
        return new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = cluster.Url.ToString(),
            AccessToken = cluster.Token,
            SslCaCerts = authorities,
        });
    }

    /// <summary>What the cluster said instead of doing it.</summary>
    public static V1Status Status(this HttpOperationException refusal) => KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);

    public static async Task<bool> MayAsync(this IKubernetes client, string @namespace, string verb, string resource, string? subresource = null)
    {
        var review = await client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(new V1SelfSubjectAccessReview
        {
            Spec = new V1SelfSubjectAccessReviewSpec
            {
                ResourceAttributes = new V1ResourceAttributes
                {
                    NamespaceProperty = @namespace,
                    Verb = verb,
                    Resource = resource,
                    Subresource = subresource,
                },
            },
        });
        return review.Status.Allowed;
    }
}

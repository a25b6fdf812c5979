using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>How a cluster's certificate is checked: by its own CA where one was given, else by the system's; not at all only when the
/// user said so.</summary>
internal static class ClusterTls
{
    public static SslClientAuthenticationOptions Options(string? authorities, bool verify)
    {
        var options = new SslClientAuthenticationOptions();
        if (!verify)
        {
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (authorities is { Length: > 0 } && BearerTokenRules.TryReadAuthorities(authorities, out _) is { } certificates)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A cluster's own CA publishes no list of what it took back.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(certificates);
        }

        return options;
    }
}

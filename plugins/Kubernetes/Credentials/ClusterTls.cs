using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>How a cluster's certificate is checked: by its own CA where one was given, else by the system's; not at all only when the
/// user said so.</summary>
internal static class ClusterTls
{
    public static SocketsHttpHandler Handler(InputValues credential)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10), UseCookies = false };
        if (credential.GetBoolean(BearerTokenType.VerifySsl) == false)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (credential.GetString(BearerTokenType.Authority) is { Length: > 0 } pem
            && BearerTokenRules.TryReadAuthorities(pem, out _) is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A cluster's own CA publishes no list of what it took back.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return handler;
    }
}

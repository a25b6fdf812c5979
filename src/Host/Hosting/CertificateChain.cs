using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ContainerGroups.Host.Hosting;

/// <summary>A certificate with its key, and what has to be sent along so that clients find the way to a root that they know.</summary>
internal sealed class CertificateChain
{
    public CertificateChain(X509Certificate2 certificate, X509Certificate2Collection? authorities = null)
    {
        Certificate = certificate;
        // Offline: a start, and a handshake, must not wait for somebody else's server.
        Context = SslStreamCertificateContext.Create(certificate, authorities, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    public SslStreamCertificateContext Context { get; }

    /// <exception cref="InvalidDataException">The files can't be used; the message names the setting.</exception>
    public static CertificateChain Read(HttpsOptions options)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.Certificate, options.Key);
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(options.Certificate);
            var authorities = new X509Certificate2Collection(all.Where(other => other.Thumbprint != certificate.Thumbprint).ToArray());
            return new CertificateChain(certificate, authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"The certificate {options.Certificate} with the key {options.Key} (Https:Certificate, Https:Key) can't be used: {e.Message}");
        }
    }
}

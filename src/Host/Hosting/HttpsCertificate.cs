using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Hosting;

/// <summary>The server's certificate: made at the first start, kept in the data directory, made anew before it expires.</summary>
internal sealed class HttpsCertificate(DataDirectory data, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(397);

    /// <summary>Renewed so early that clients that check the time a little off never meet an expired one.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private readonly Lock _gate = new();
    private X509Certificate2? _current;

    /// <summary>The one to show to a client now; asked for at each handshake, so that a server that runs for years renews it.</summary>
    public X509Certificate2 Current
    {
        get
        {
            var current = Volatile.Read(ref _current);
            return current is not null && !Expires(current) ? current : Prepare();
        }
    }

    private string CertificatePath => Path.Combine(data.Root, "https.crt");

    private string KeyPath => Path.Combine(data.Root, "https.key");

    /// <summary>Reads the stored certificate, or makes and stores one. Called after the data directory is ours.</summary>
    public X509Certificate2 Prepare()
    {
        lock (_gate)
        {
            if (_current is null || Expires(_current))
            {
                // A handshake may still use the old one: it is left to the finalizer.
                _current = Read() ?? Renew();
            }

            return _current;
        }
    }

    public void Dispose() => _current?.Dispose();

    private bool Expires(X509Certificate2 certificate) =>
        certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime < RenewBefore;

    private X509Certificate2? Read()
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
        {
            return null;
        }

        try
        {
            var stored = X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
            if (!Expires(stored))
            {
                return stored;
            }

            stored.Dispose();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // A start that died between the two files leaves a pair that doesn't match; ours to make anew.
            return null;
        }
    }

    /// <summary>On a full disk the one before goes on: it is good for days, and every handshake tries again.</summary>
    private X509Certificate2 Renew()
    {
        try
        {
            return Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && _current is not null)
        {
            return _current;
        }
    }

    private X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Dns.GetHostName()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(Names());
        var now = time.GetUtcNow();
        using var created = request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + Lifetime);

        PrivateFile.Write(KeyPath, key.ExportPkcs8PrivateKeyPem());
        PrivateFile.Write(CertificatePath, created.ExportCertificatePem());
        return X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
    }

    private static X509Extension Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { "localhost", Dns.GetHostName() }.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            names.AddDnsName(name);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return names.Build();
    }
}

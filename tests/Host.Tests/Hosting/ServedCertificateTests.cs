using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Tests.Hosting;

/// <summary>A certificate of one's own, in place of the server's.</summary>
public sealed class ServedCertificateTests
{
    private TemporaryDirectory _directory = null!;

    private HttpsOptions Files => new() { Certificate = _directory.File("tls.crt"), Key = _directory.File("tls.key") };

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void ConfiguredCertificate_IsShown_WithTheAuthoritiesBetween()
    {
        var leaf = Write("first", withIssuer: true);
        var certificate = Make();
        certificate.Prepare();

        Assert.That(certificate.Current.Certificate.Thumbprint, Is.EqualTo(leaf));
        Assert.That(certificate.Current.Context.IntermediateCertificates.Select(other => other.Subject), Is.EqualTo(new[] { "CN=Between" }));
    }

    [Test]
    public void ReplacedFiles_AreShown_AndTold()
    {
        Write("first");
        var certificate = Make();
        certificate.Prepare();
        var told = 0;
        certificate.Replaced += (_, _) => told++;

        var second = Write("second");
        certificate.Reload();
        certificate.Reload();

        Assert.That(certificate.Current.Certificate.Thumbprint, Is.EqualTo(second));
        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void HalfARenewal_LeavesTheOneThatIsShown()
    {
        var first = Write("first");
        var certificate = Make();
        certificate.Prepare();
        var key = File.ReadAllText(Files.Key);
        Write("second");
        File.WriteAllText(Files.Key, key);
        certificate.Reload();

        Assert.That(certificate.Current.Certificate.Thumbprint, Is.EqualTo(first));
    }

    [TestCase("tls.crt")]
    [TestCase("tls.key")]
    public void FileThatIsMissing_EndsTheStart_WithTheSetting(string file)
    {
        Write("first");
        File.Delete(_directory.File(file));
        Assert.That(() => Make().Prepare(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("Https:Certificate").And.Message.Contains(file));
    }

    [TestCase("a.crt", "", "Https:Key is not")]
    [TestCase("", "a.key", "Https:Certificate is not")]
    public void HalfAPair_IsRefused(string certificate, string key, string sentence)
    {
        var result = new HttpsOptionsValidation().Validate(null, new HttpsOptions { Certificate = certificate, Key = key });
        Assert.That(result.FailureMessage, Does.Contain(sentence));
    }

    [Test]
    public void NothingConfigured_ShowsTheServersOwn()
    {
        var certificate = Make(new HttpsOptions());
        certificate.Prepare();
        var first = certificate.Current;
        Assert.That(first.Certificate.Subject, Does.StartWith("CN="));
        Assert.That(certificate.Current, Is.SameAs(first), "made once, not for each handshake");
    }

    private ServedCertificate Make(HttpsOptions? options = null)
    {
        var own = new HttpsCertificate(new DataDirectory(_directory.Path), TimeProvider.System);
        return new ServedCertificate(Options.Create(options ?? Files), own, TimeProvider.System, NullLogger<ServedCertificate>.Instance);
    }

    /// <summary>Writes a new pair and says its certificate's fingerprint.</summary>
    private string Write(string name, bool withIssuer = false)
    {
        var start = DateTimeOffset.UnixEpoch.AddYears(55);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("CN=Root", rootKey).CreateSelfSigned(start, start.AddYears(30));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Authority("CN=Between", issuerKey).Create(root, start, start.AddYears(25), Guid.NewGuid().ToByteArray());
        using var issuer = between.CopyWithPrivateKey(issuerKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).Create(issuer, start, start.AddYears(20), Guid.NewGuid().ToByteArray());
        File.WriteAllText(Files.Certificate, leaf.ExportCertificatePem() + "\n" + (withIssuer ? issuer.ExportCertificatePem() : ""));
        File.WriteAllText(Files.Key, key.ExportPkcs8PrivateKeyPem());
        return leaf.Thumbprint;
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}

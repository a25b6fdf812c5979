using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes.Tests;

public sealed class BearerTokenTypeTests
{
    private static readonly string Pem = MakePem();

    [TestCase("host", "cluster.example.com", "https://api.cluster.example.com:6443")]
    [TestCase("host", "ftp://cluster", "https://api.cluster.example.com:6443")]
    [TestCase("host", "https://a b", "spaces")]
    [TestCase("host", "https://user:secret@cluster", "user or a password")]
    [TestCase("host", "https://cluster/?x=1", "'?'")]
    [TestCase("bearer_token", "two words", "spaces or line breaks")]
    [TestCase("bearer_token", "token\n", "spaces or line breaks")]
    [TestCase("bearer_token", "Bearer abc", "without \"Bearer\"")]
    [TestCase("bearer_token", "tökén", "ASCII")]
    [TestCase("ssl_ca_cert", "not a certificate", "no certificate")]
    [TestCase("ssl_ca_cert", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", "decode it first")]
    [TestCase("ssl_ca_cert", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "can't be read")]
    public void ABadValue_IsNamedWithItsField_AndASecretOneNotTold(string field, string value, string message)
    {
        var errors = new BearerTokenType(new FakeClock()).Validate(With(field, value));

        Assert.That(errors.Select(error => error.Field), Is.EqualTo(new[] { field }));
        Assert.That(errors[0].Message, Does.Contain(message));
        Assert.That(field != "host" && errors[0].Message.Contains(value, StringComparison.Ordinal), Is.False);
    }

    [Test]
    public void EveryBadValue_IsToldAtOnce()
    {
        var inputs = new InputValues(new Dictionary<string, object?> { ["host"] = "x", ["bearer_token"] = "a b", ["ssl_ca_cert"] = "x" });

        Assert.That(new BearerTokenType(new FakeClock()).Validate(inputs).Select(error => error.Field), Is.EqualTo(new[] { "host", "bearer_token", "ssl_ca_cert" }));
    }

    [TestCase("https://10.0.0.1:6443")]
    [TestCase("https://[fd00::1]:6443/")]
    [TestCase("https://rancher.example.com/k8s/clusters/c-1")]
    public void AnEndpoint_IsLegal(string host) => Assert.That(new BearerTokenType(new FakeClock()).Validate(With("host", host)), Is.Empty);

    [Test]
    public void SeveralAuthorities_AreLegal() => Assert.That(new BearerTokenType(new FakeClock()).Validate(With("ssl_ca_cert", Pem + "\n" + Pem)), Is.Empty);

    [Test]
    public void AJob_GetsTheVariablesOfTheCollection()
    {
        var injection = new BearerTokenType(new FakeClock()).Inject(With("ssl_ca_cert", Pem));

        Assert.That(injection.Environment, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["K8S_AUTH_HOST"] = "https://cluster:6443",
            ["K8S_AUTH_API_KEY"] = "abc",
            ["K8S_AUTH_VERIFY_SSL"] = "True",
            ["K8S_AUTH_SSL_CA_CERT"] = "{{file:ssl_ca_cert}}",
        }));
        Assert.That(injection.Files["ssl_ca_cert"], Is.EqualTo(Pem));
    }

    [Test]
    public void WithoutVerification_AJobGetsNoAuthority()
    {
        var inputs = new InputValues(new Dictionary<string, object?>
        {
            ["host"] = "https://cluster",
            ["bearer_token"] = "abc",
            ["ssl_ca_cert"] = Pem,
            ["verify_ssl"] = false,
        });
        var injection = new BearerTokenType(new FakeClock()).Inject(inputs);

        Assert.That(injection.Environment["K8S_AUTH_VERIFY_SSL"], Is.EqualTo("False"));
        Assert.That((injection.Files.Count, injection.Environment.ContainsKey("K8S_AUTH_SSL_CA_CERT")), Is.EqualTo((0, false)));
    }

    private static InputValues With(string field, string value) => new(new Dictionary<string, object?>
    {
        ["host"] = "https://cluster:6443",
        ["bearer_token"] = "abc",
        [field] = value,
    });

    private static string MakePem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem();
    }
}

using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class HttpsCertificateTests
{
    private TemporaryDirectory _directory = null!;
    private FakeClock _clock = null!;
    private DataDirectory _data = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _clock = new FakeClock();
        _data = new DataDirectory(_directory.Path);
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Stored_IsUsedAgain()
    {
        using var first = new HttpsCertificate(_data, _clock);
        using var second = new HttpsCertificate(_data, _clock);
        Assert.That(second.Prepare().Thumbprint, Is.EqualTo(first.Prepare().Thumbprint));
    }

    [Test]
    public void AboutToExpire_IsRenewed_InARunningServerToo()
    {
        using var certificate = new HttpsCertificate(_data, _clock);
        var first = certificate.Current;
        _clock.Advance(TimeSpan.FromDays(370));
        Assert.That(certificate.Current.Thumbprint, Is.EqualTo(first.Thumbprint), "not before it is time");

        _clock.Advance(TimeSpan.FromDays(20));

        var renewed = certificate.Current;
        Assert.That(renewed.NotAfter.ToUniversalTime(), Is.GreaterThan(_clock.GetUtcNow().UtcDateTime.AddDays(300)));
        using var afterRestart = new HttpsCertificate(_data, _clock);
        Assert.That(afterRestart.Current.Thumbprint, Is.EqualTo(renewed.Thumbprint));
    }

    [Test]
    public void CertificateOfAnotherKey_IsMadeAnew()
    {
        // What a kill between the two files leaves.
        using (var old = new HttpsCertificate(_data, _clock))
        {
            old.Prepare();
        }

        var stale = File.ReadAllText(_directory.File("https.crt"));
        File.Delete(_directory.File("https.crt"));
        using (var other = new HttpsCertificate(_data, _clock))
        {
            other.Prepare();
        }

        File.WriteAllText(_directory.File("https.crt"), stale);

        using var certificate = new HttpsCertificate(_data, _clock);
        Assert.That(certificate.Prepare().HasPrivateKey, Is.True);
        Assert.That(File.ReadAllText(_directory.File("https.crt")), Is.Not.EqualTo(stale));
    }
}

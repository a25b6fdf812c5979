using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class AddressTests
{
    [TestCase("https://127.0.0.1:8043")]
    [TestCase("https://*:8043;http://[::1]:0")]
    [TestCase("https://localhost")]
    public void GoodUrls_HaveNoFault(string urls) => Assert.That(ListenAddresses.Fault(urls), Is.Null);

    [TestCase("")]
    [TestCase(" ; ")]
    [TestCase("localhost:8043")]
    [TestCase("https://127.0.0.1:8043;gopher://x:1")]
    [TestCase("https://127.0.0.1:70000")]
    [TestCase("https://127.0.0.1:-1")]
    public void BadUrls_AreToldWithTheSettingsName(string urls) => Assert.That(ListenAddresses.Fault(urls), Does.StartWith("Urls"));

    [TestCase("https://0.0.0.0:8043", "https://127.0.0.1:8043")]
    [TestCase("https://[::]:8043", "https://127.0.0.1:8043")]
    [TestCase("http://*:80", "http://127.0.0.1:80")]
    [TestCase("https://[::1]:8043", "https://[::1]:8043")]
    [TestCase("https://10.0.0.5:8043", "https://10.0.0.5:8043")]
    public void ListenAddress_IsReachedFromThisMachine(string listening, string reached) =>
        Assert.That(ServedAddress.Reachable(listening), Is.EqualTo(reached));
}

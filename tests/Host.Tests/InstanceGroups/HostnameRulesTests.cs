using ContainerGroups.Host.InstanceGroups;

namespace ContainerGroups.Host.Tests.InstanceGroups;

public sealed class HostnameRulesTests
{
    [TestCase("node1")]
    [TestCase("node-1")]
    [TestCase("a.example.org")]
    [TestCase("1a.example.org")]
    [TestCase("10.0.0.1")]
    [TestCase("fe80::1")]
    [TestCase("2001:db8::8a2e:370:7334")]
    public void Hostname_IsRight(string hostname) => Assert.That(HostnameRules.Check(hostname), Is.Null);

    [TestCase("localhost")]
    [TestCase("LOCALHOST")]
    [TestCase("127.0.0.1")]
    [TestCase("127.1")]
    [TestCase("127.0.1")]
    [TestCase("::1")]
    [TestCase("0:0:0:0:0:0:0:1")]
    [TestCase("0000:0000:0000:0000:0000:0000:0000:0001")]
    public void Loopback_IsRefused(string hostname) =>
        Assert.That(HostnameRules.Check(hostname), Is.EqualTo("hostname cannot be localhost or 127.0.0.1"));

    [TestCase("a b")]
    [TestCase("a\tb")]
    public void WhiteSpace_IsRefused(string hostname) =>
        Assert.That(HostnameRules.Check(hostname), Is.EqualTo("whitespaces in hostnames are illegal"));

    [TestCase("-a")]
    [TestCase("a..b")]
    [TestCase("a.b")]
    [TestCase("a.example.org/")]
    [TestCase("a'; drop table x")]
    [TestCase("a.-b.org")]
    [TestCase("ä.example.org")]
    [TestCase("a.example.org\n")]
    public void OddCharacters_AreRefused(string hostname) => Assert.That(HostnameRules.Check(hostname), Is.Not.Null);
}

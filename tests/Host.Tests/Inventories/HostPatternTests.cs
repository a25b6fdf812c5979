using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.Tests.Inventories;

public sealed class HostPatternTests
{
    [TestCase("web", "web", null)]
    [TestCase("web:2222", "web", 2222)]
    [TestCase("web[1:3]", "web1 web2 web3", null)]
    [TestCase("web[:2]", "web0 web1 web2", null)]
    [TestCase("web[08:10].example.org:22", "web08.example.org web09.example.org web10.example.org", 22)]
    [TestCase("db[1:7:3]", "db1 db4 db7", null)]
    [TestCase("db-[a:c]", "db-a db-b db-c", null)]
    [TestCase("r[1:2]n[a:b]", "r1na r1nb r2na r2nb", null)]
    [TestCase("10.0.0.[1:2]", "10.0.0.1 10.0.0.2", null)]
    [TestCase("::1", "::1", null)]
    [TestCase("2001:db8::5", "2001:db8::5", null)]
    [TestCase("[2001:db8::5]:22", "2001:db8::5", 22)]
    [TestCase("under_score:22", "under_score", 22)]
    public void Pattern_IsTheseHosts(string pattern, string hosts, int? port)
    {
        var (expanded, read) = HostPattern.Expand(pattern, 1);

        Assert.Multiple(() =>
        {
            Assert.That(string.Join(' ', expanded), Is.EqualTo(hosts));
            Assert.That(read, Is.EqualTo(port));
        });
    }

    [TestCase("web[1:2", "no closing bracket")]
    [TestCase("web[5:1]", "begins after its end")]
    [TestCase("web[1:100:0]", "begin:end")]
    [TestCase("web[1]", "begin:end")]
    [TestCase("web[01:100]", "equally many digits")]
    [TestCase("web[a:5]", "numbers, or single letters")]
    [TestCase("web[1:]", "numbers, or single letters")]
    [TestCase("web[1:100001]", "more than 100000 hosts")]
    [TestCase("web[1:999999999]n[1:999999999]", "more than 100000 hosts")]
    [TestCase("web:", "a port is expected")]
    [TestCase("web:99999", "not a port")]
    [TestCase("---", "begins a YAML file")]
    public void Pattern_ThatIsNone_IsExplained(string pattern, string cause) =>
        Assert.That(() => HostPattern.Expand(pattern, 7), Throws.TypeOf<VariablesException>().With.Message.StartsWith("line 7: ").And.Message.Contains(cause));
}

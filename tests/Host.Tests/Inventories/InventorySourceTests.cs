using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.Tests.Inventories;

public sealed class InventorySourceTests
{
    [Test]
    public void Ini_AsPeopleWriteIt_IsRead()
    {
        var read = InventorySource.Read("""
            # a comment
            localhost ansible_connection=local

            [web]   # hosts of the web
            web[01:02].example.org:2222 http_port=80 note="two words" # first
            [web:vars]
            greeting = "hello # world"
            limits=[1, 2]
            [prod:children]
            web
            [all:vars]
            site=north
            """);

        Assert.Multiple(() =>
        {
            Assert.That(read.Hosts.Keys, Is.EqualTo(new[] { "localhost", "web01.example.org", "web02.example.org" }));
            Assert.That(read.Hosts["web02.example.org"].ToJsonString(), Is.EqualTo("""{"ansible_port":2222,"http_port":80,"note":"two words"}"""));
            Assert.That(read.Groups.Keys, Is.EqualTo(new[] { "web", "prod" }));
            Assert.That(read.Groups["web"].Variables.ToJsonString(), Is.EqualTo("""{"greeting":"hello # world","limits":[1,2]}"""));
            Assert.That(read.Groups["prod"].Children, Is.EqualTo(new[] { "web" }));
            Assert.That(read.Variables.ToJsonString(), Is.EqualTo("""{"site":"north"}"""));
        });
    }

    [Test]
    public void Yaml_WithNestedChildren_IsRead()
    {
        var read = InventorySource.Read("""
            all:
              vars: {site: north}
              hosts:
                lone:
              children:
                prod:
                  children:
                    web:
                      hosts:
                        web[1:2]:
                          http_port: 80
                db:
                  hosts: only
            """);

        Assert.Multiple(() =>
        {
            Assert.That(read.Hosts.Keys, Is.EqualTo(new[] { "lone", "web1", "web2", "only" }));
            Assert.That(read.Groups.Keys, Is.EqualTo(new[] { "prod", "web", "db" }));
            Assert.That(read.Groups["prod"].Children, Is.EqualTo(new[] { "web" }));
            Assert.That(read.Groups["db"].Hosts, Is.EqualTo(new[] { "only" }));
            Assert.That(read.Hosts["web2"].ToJsonString(), Is.EqualTo("""{"http_port":80}"""));
            Assert.That(read.Variables.ToJsonString(), Is.EqualTo("""{"site":"north"}"""));
        });
    }

    [TestCase("[web\nhost", "line 1: the range in \"[web\" has no closing bracket")]
    [TestCase("a\n[we b]", "line 2: [we b] is no section")]
    [TestCase("[web:hosts]\n[web:nonsense]", "line 2: the section [web:nonsense] is of an unknown kind")]
    [TestCase("[web]\nhost oops", "line 2: name=value is expected after the host, not \"oops\"")]
    [TestCase("[web]\nhost a='b", "line 2: the quote ' is not closed")]
    [TestCase("[web]\nh\n[web:vars]\noops", "line 4: name=value is expected in [web:vars]")]
    [TestCase("\n[web:vars]\na=1", "line 2: [web:vars] is for a group that is declared nowhere: web")]
    [TestCase("[prod:children]\nweb", "line 2: [prod:children] names a group that is declared nowhere: web")]
    [TestCase("[a:children]\nb\n[b:children]\na", "line 4: the group a can't be inside of b")]
    [TestCase("[a:children]\na", "line 2: the group a can't be inside of a")]
    [TestCase("all:\n  hosts:\n  - a", "line 3: hosts of the group all must be a mapping")]
    [TestCase("all:\n  children:\n    web:\n      hosts: {}\n      host1: {}", "line 5: \"host1\" in the group web is none of hosts, vars and children")]
    [TestCase("web:\n  hosts:\n    a:\n    b: 5", "line 4: the variables of the host b must be a mapping")]
    [TestCase("web:\n  children:\n    db:\n      children:\n        web: {}", "line 4: the group db can't be inside of web")]
    [TestCase("plugin: aws_ec2\nregions: []", "line 1: this is the configuration of an inventory plugin")]
    [TestCase("web:\n\thosts:", "line 1: While scanning a mapping, found invalid tab")]
    public void Fault_NamesLineAndCause(string text, string message) =>
        Assert.That(() => InventorySource.Read(text), Throws.TypeOf<VariablesException>().With.Message.StartsWith(message));

    [Test]
    public void Ini_WrittenFromAnyInventory_IsReadBack([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        var hosts = Enumerable.Range(0, random.Next(1, 20)).Select(i => $"host{i}").ToList();
        var groups = Enumerable.Range(0, random.Next(1, 8)).Select(i => $"group{i}").ToList();
        var members = groups.ToDictionary(g => g, _ => hosts.Where(_ => random.Next(3) == 0).ToList());
        var children = groups.ToDictionary(g => g, g => groups.Where(c => string.CompareOrdinal(c, g) > 0 && random.Next(3) == 0).ToList());
        var values = hosts.ToDictionary(h => h, _ => RandomText(random));

        var read = InventorySource.Read(string.Join('\n', Ini(hosts, groups, members, children, values)));

        Assert.Multiple(() =>
        {
            Assert.That(read.Hosts.Keys, Is.EqualTo(hosts));
            Assert.That(read.Groups.Keys, Is.EquivalentTo(groups));
            foreach (var group in groups)
            {
                Assert.That(read.Groups[group].Hosts, Is.EqualTo(members[group]), group);
                Assert.That(read.Groups[group].Children, Is.EqualTo(children[group]), group);
            }

            foreach (var host in hosts)
            {
                Assert.That(read.Hosts[host]["v"]!.GetValue<string>(), Is.EqualTo(values[host]), host);
            }
        });
    }

    [Test]
    public void AnyText_IsReadOrExplained([Range(1, 40)] int seed)
    {
        string[] pieces = ["[", "]", "[web]", ":vars", ":children", "\n", " ", "a", "a=1", "'", "\"", "\\", "#", ";", ":", "- ", "  ", "all:", "hosts:", "[1:3]", "&x", "*x", "{", "}", "\t", "\u2028", "---"];
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                InventorySource.Read(text);
            }
            catch (VariablesException e)
            {
                Assert.That(e.Message, Does.StartWith("line "), text);
            }
        }
    }

    private static IEnumerable<string> Ini(
        List<string> hosts,
        List<string> groups,
        Dictionary<string, List<string>> members,
        Dictionary<string, List<string>> children,
        Dictionary<string, string> values)
    {
        foreach (var host in hosts)
        {
            yield return $"{host} \"v='{Quoted(values[host]).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}'\"";
        }

        foreach (var group in groups)
        {
            yield return $"[{group}]";
            foreach (var host in members[group])
            {
                yield return host;
            }

            yield return $"[{group}:children]";
            foreach (var child in children[group])
            {
                yield return child;
            }
        }
    }

    private static string Quoted(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);

    private static string RandomText(Random random)
    {
        const string alphabet = "ab =#'\"\\[]{}:,;\u00e4";
        return string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}

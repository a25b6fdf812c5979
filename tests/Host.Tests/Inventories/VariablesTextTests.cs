using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.Tests.Inventories;

public sealed class VariablesTextTests
{
    [TestCase("", "{}")]
    [TestCase("  \n", "{}")]
    [TestCase("---", "{}")]
    [TestCase("a: 1", """{"a":1}""")]
    [TestCase("a: 1.0", """{"a":1.0}""")]
    [TestCase("a: 0777", """{"a":511}""")]
    [TestCase("a: 0o777", """{"a":"0o777"}""")]
    [TestCase("a: 0x1F", """{"a":31}""")]
    [TestCase("a: 1_000", """{"a":1000}""")]
    [TestCase("a: 1:30", """{"a":90}""")]
    [TestCase("a: 123456789012345678901234567890", """{"a":123456789012345678901234567890}""")]
    [TestCase("a: yes\nb: Off\nc: y", """{"a":true,"b":false,"c":"y"}""")]
    [TestCase("a: ~\nb:\nc: null", """{"a":null,"b":null,"c":null}""")]
    [TestCase("a: 'yes'\nb: \"1\"", """{"a":"yes","b":"1"}""")]
    [TestCase("a: 1e3\nb: 1.0e+3\nc: .5", """{"a":"1e3","b":1000.0,"c":0.5}""")]
    [TestCase("a: 2026-01-02", """{"a":"2026-01-02"}""")]
    [TestCase("a: {{ b }}-x", null)]
    [TestCase("a: '{{ b }}'", """{"a":"{{ b }}"}""")]
    [TestCase("1: x\ntrue: y", """{"1":"x","true":"y"}""")]
    [TestCase("a: &x {k: 1}\nb: *x", """{"a":{"k":1},"b":{"k":1}}""")]
    [TestCase("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}", """{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}""")]
    [TestCase("a: !unsafe '{{ x }}'", """{"a":{"__ansible_unsafe":"{{ x }}"}}""")]
    [TestCase("a: !!str 1\nb: !!int '7'", """{"a":"1","b":7}""")]
    [TestCase("{\"a\": 1, \"a\": [true, null, 1.0]}", """{"a":[true,null,1.0]}""")]
    public void Text_OfAMapping_IsReadAsAnsibleWould(string text, string? expected)
    {
        var isRead = VariablesText.TryParse(text, out var variables, out _);

        Assert.That(isRead ? Plain(variables!.ToJsonString()) : null, Is.EqualTo(expected));
    }

    [TestCase("- a", "list")]
    [TestCase("word", "str")]
    [TestCase("3", "number")]
    [TestCase("[1]", "list")]
    public void Text_OfSomethingElse_IsRefusedByItsKind(string text, string kind)
    {
        Assert.That(VariablesText.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Does.Contain($"`{kind}` is not a dictionary"));
    }

    [TestCase("a: 1\nb: ]", "line 2")]
    [TestCase("a: 1\nb: *missing", "line 2: the alias *missing")]
    [TestCase("a: 1\n---\nb: 2", "only one YAML document")]
    [TestCase("a: !python/object x", "line 1: the tag !python/object")]
    [TestCase("? [a]\n: 1", "line 1: a key must be a word")]
    [TestCase("a: 1\n<<: 5", "line 2: a merge key")]
    public void Text_ThatIsNeither_NamesBothCausesAndTheLine(string text, string cause)
    {
        Assert.That(VariablesText.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Does.StartWith("Cannot parse as JSON (error: ").And.Contain("or YAML (error: ").And.Contain(cause));
    }

    [Test]
    public void Aliases_ThatMultiplyEachOther_AreRefused()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.That(VariablesText.TryParse(bomb, out _, out var error), Is.False);
        Assert.That(error, Does.Contain("more than can be stored"));
    }

    [Test]
    public void Nesting_WithoutEnd_IsRefused()
    {
        Assert.That(VariablesText.TryParse("a: " + new string('[', 100_000), out _, out var error), Is.False);
        Assert.That(error, Does.Contain("nested deeper"));
    }

    private static string Plain(string json) => System.Text.RegularExpressions.Regex.Unescape(json);
}

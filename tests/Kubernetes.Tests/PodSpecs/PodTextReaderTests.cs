using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

internal sealed class PodTextReaderTests
{
    [TestCase("a: 1", """{"a":1}""")]
    [TestCase("a: '1'", """{"a":"1"}""")]
    [TestCase("a: \"1\"", """{"a":"1"}""")]
    [TestCase("a: !!str 1", """{"a":"1"}""")]
    [TestCase("a: ! 1", """{"a":"1"}""")]
    [TestCase("a: 0644", """{"a":420}""")]
    [TestCase("a: 0o644", """{"a":420}""")]
    [TestCase("a: 0x1F", """{"a":31}""")]
    [TestCase("a: -0b11", """{"a":-3}""")]
    [TestCase("a: 1_000", """{"a":1000}""")]
    [TestCase("a: 089", """{"a":89}""")]
    [TestCase("a: 18446744073709551615", """{"a":18446744073709551615}""")]
    [TestCase("a: 1.5", """{"a":1.5}""")]
    [TestCase("a: 1e3", """{"a":1000}""")]
    [TestCase("a: 250m", """{"a":"250m"}""")]
    [TestCase("a: 1.2.3", """{"a":"1.2.3"}""")]
    [TestCase("a: 10.0.0.1", """{"a":"10.0.0.1"}""")]
    [TestCase("a: 12:30:45", """{"a":"12:30:45"}""")]
    [TestCase("a: 2024-01-31", """{"a":"2024-01-31"}""")]
    [TestCase("a: [true, True, yes, on, y]", """{"a":[true,true,true,true,true]}""")]
    [TestCase("a: [false, FALSE, no, Off, n]", """{"a":[false,false,false,false,false]}""")]
    [TestCase("a: [null, ~, Null, ]", """{"a":[null,null,null]}""")]
    [TestCase("a:", """{"a":null}""")]
    [TestCase("a: ''", """{"a":""}""")]
    [TestCase("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [TestCase("1: a\ntrue: b\non: c", null)]
    [TestCase("8080: a\nyes: b", """{"8080":"a","true":"b"}""")]
    [TestCase("x: &x {k: 1}\nz: *x", """{"x":{"k":1},"z":{"k":1}}""")]
    [TestCase("x: &x {k: 1, l: 2}\nz: {<<: *x, l: 3}", """{"x":{"k":1,"l":2},"z":{"l":3,"k":1}}""")]
    [TestCase("z: {<<: [{k: 1}, {k: 2, m: 3}]}", """{"z":{"k":1,"m":3}}""")]
    [TestCase("{\n\t\"a\":\t[1, \"\\u00e9\\ud83d\\ude00\", \"x\\/y\"]\n}", "{\"a\":[1,\"\\u00E9\\uD83D\\uDE00\",\"x/y\"]}")]
    [TestCase("", "{}")]
    [TestCase("# nothing\n", "{}")]
    [TestCase("---\n", "{}")]
    [TestCase("--- {a: 1}\n...\n", """{"a":1}""")]
    [TestCase("null", "{}")]
    public void Text_IsReadAsKubernetesReadsIt(string text, string? json)
    {
        if (json is null)
        {
            Assert.That(() => Read(text), Throws.TypeOf<PodSpecException>().With.Message.Contains("The key stands twice"));
            return;
        }

        Assert.That(Read(text), Is.EqualTo(json));
    }

    [TestCase("a: 1\nb:\n  c: 2\n  c: 3", "Line 4, column 3, b.c: The key stands twice in one mapping, first in line 3.")]
    [TestCase("- a", "Line 1, column 1: A mapping is expected: a Pod, or a part of one. It is a list.")]
    [TestCase("a", "Line 1, column 1: A mapping is expected: a Pod, or a part of one. It is a text.")]
    [TestCase("a: 1\n---\nb: 2", "Line 2, column 1: One document is expected, not several.")]
    [TestCase("a: *nobody", "Line 1, column 4, a: There is no anchor &nobody before this alias.")]
    [TestCase("a: &x [*x]", "Line 1, column 8, a[0]: There is no anchor &x before this alias.")]
    [TestCase("a: .inf", "Line 1, column 4, a: .inf is no number that JSON has; put it in quotes if a text is meant.")]
    [TestCase("a: !!binary x", "Line 1, column 4, a: The tag tag:yaml.org,2002:binary can't be used for this value.")]
    [TestCase("a: !!int x", "Line 1, column 4, a: The tag tag:yaml.org,2002:int can't be used for this value.")]
    [TestCase("a: {? [b] : c}", "Line 1, column 7, a: A key is a text; here it is a list.")]
    [TestCase("a: {<<: 5}", "Line 1, column 9, a: << merges a mapping or a list of mappings; here it is the number 5.")]
    [TestCase("metadata:\n  labels:\n    app.kubernetes.io/name: *x", "Line 3, column 29, metadata.labels['app.kubernetes.io/name']: There is no anchor &x before this alias.")]
    public void Fault_IsToldWithLineColumnAndField(string text, string message) =>
        Assert.That(() => Read(text), Throws.TypeOf<PodSpecException>().With.Message.EqualTo(message));

    [TestCase("a: [b")]
    [TestCase("a:\n\t- b")]
    [TestCase("{\"a\": \"\\q\"}")]
    [TestCase("a: \"\\U0011FFFF\"")]
    public void TextThatIsNoYaml_IsToldWithItsPlace(string text) =>
        Assert.That(() => Read(text), Throws.TypeOf<PodSpecException>().With.Message.Matches("^Line [0-9]+, column [0-9]+: Cannot parse as YAML or JSON: "));

    [Test]
    public void ShortTextOfManyAliases_IsRefused()
    {
        var lines = new List<string> { "a0: &a0 [x,x,x,x,x,x,x,x,x]" };
        for (var i = 1; i < 12; i++)
        {
            lines.Add($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]");
        }

        Assert.That(() => Read(string.Join('\n', lines)), Throws.TypeOf<PodSpecException>().With.Message.Contains("more than 50000 values, counting what each alias stands for"));
    }

    [Test]
    public void DeepText_IsRefused() =>
        Assert.That(() => Read("a: " + new string('[', 5000)), Throws.TypeOf<PodSpecException>().With.Message.Contains("nested deeper than 64 levels"));

    [Test]
    public void LongText_IsRefused() =>
        Assert.That(() => Read(new string('#', 2 * 1024 * 1024)), Throws.TypeOf<PodSpecException>().With.Message.Contains("longer than 1024 KiB"));

    private static string Read(string text) => PodTextReader.Read(text, FieldOrigins.Group).ToJson().ToJsonString();
}

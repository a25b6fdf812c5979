using ContainerGroups.Host.Credentials.Injection;

namespace ContainerGroups.Host.Tests.Credentials;

public sealed class InputTemplateTests
{
    [TestCase("", "")]
    [TestCase("plain { text } %", "plain { text } %")]
    [TestCase("{{a}}", "1")]
    [TestCase("{{ a }}:{{  tower.filename.b  }}", "1:2")]
    [TestCase("x{{a}}{{a}}y }}", "x11y }}")]
    [TestCase("{ {{a}} }", "{ 1 }")]
    public void NamesInDoubleBraces_AreReplaced(string text, string expected)
    {
        var template = InputTemplate.Parse(text, out _)!;

        Assert.That(template.Render(name => name == "a" ? "1" : name == "tower.filename.b" ? "2" : null), Is.EqualTo(expected));
    }

    [Test]
    public void AValueThatLooksLikeATemplate_StaysAsItIs() =>
        Assert.That(InputTemplate.Parse("{{a}}", out _)!.Render(_ => "{{ b }}{% if %}"), Is.EqualTo("{{ b }}{% if %}"));

    [TestCase("{{ a", "a {{ without its }}")]
    [TestCase("{{ a | b64encode }}", "{{ a | b64encode }}")]
    [TestCase("{{ a() }}", "{{ a() }}")]
    [TestCase("{{ 'x' }}", "{{ 'x' }}")]
    [TestCase("{{}}", "{{  }}")]
    [TestCase("{{ a..b }}", "{{ a..b }}")]
    [TestCase("{% if a %}", "{%")]
    [TestCase("{# note #}", "{#")]
    public void WhatIsMoreThanAName_IsRefusedByName(string text, string named)
    {
        Assert.That(InputTemplate.Parse(text, out var error), Is.Null);
        Assert.That(error, Does.Contain(named));
    }

    [Test]
    public void ANameWithoutAValue_Throws() =>
        Assert.That(() => InputTemplate.Parse("{{ nobody }}", out _)!.Render(_ => null), Throws.TypeOf<KeyNotFoundException>().With.Message.Contain("nobody"));
}

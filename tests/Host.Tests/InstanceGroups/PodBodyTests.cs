using System.Text;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Tests.InstanceGroups;

public sealed class PodBodyTests
{
    [TestCase("")]
    [TestCase("  \n")]
    [TestCase("# only a comment\n")]
    [TestCase("spec: {}")]
    [TestCase("""{"kind":"Pod","spec":{"containers":[{"name":"worker"}]}}""")]
    [TestCase("a: &x [1]\nb: *x\n")]
    public void OneMappingOrNothing_IsRight(string text) => Assert.That(PodBody.Check(text), Is.Null);

    [TestCase("- a")]
    [TestCase("[1]")]
    [TestCase("text")]
    [TestCase("\"\\u0041\"")]
    public void AnythingElse_IsNoPod(string text) => Assert.That(PodBody.Check(text), Is.EqualTo("A mapping is expected: a Pod, or a part of one."));

    [Test]
    public void BrokenYaml_IsToldWithItsPlace() => Assert.That(PodBody.Check("a: b\nc: [d\n"), Does.StartWith("Cannot parse as YAML or JSON (line "));

    [Test]
    public void EndlessNesting_IsRefused_NotFollowed() =>
        Assert.That(PodBody.Check("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 200_000))), Does.StartWith("It is nested deeper"));

    [Test]
    public void PodDocument_BecomesTheField_AndOtherKeysStay()
    {
        var body = RequestBody.Parse(Encoding.UTF8.GetBytes("""{"kind":"Pod","spec":{"a":1},"name":"x"}"""));

        PodBody.Rewrite(body);

        Assert.That(body.TryGet("pod_spec_override", out var text), Is.True);
        Assert.That(text.GetString()!.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), Is.EqualTo("""{"kind":"Pod","spec":{"a":1}}"""));
        Assert.That(body.Has("name"), Is.True);
    }

    [Test]
    public void BodyWithoutPod_StaysAsItIs()
    {
        var body = RequestBody.Parse("""{"metadata":{},"pod_spec_override":"x"}"""u8.ToArray());

        PodBody.Rewrite(body);

        Assert.That(body.TryGet("pod_spec_override", out var text) && text.ValueEquals("x"), Is.True);
    }
}

using ContainerGroups.Host.Rest;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Rest;

public sealed class NamedUrlFormTests
{
    [TestCase("name", "name")]
    [TestCase("name++org", "name|org")]
    [TestCase("name++", "name|")]
    [TestCase("name+kind", "name,kind")]
    [TestCase("name++type name+type kind++org", "name|type name,type kind|org")]
    [TestCase("a[+]b++org", "a+b|org")]
    [TestCase("", "")]
    public void Segment_IsTakenApart(string segment, string parts) =>
        Assert.That(string.Join('|', NamedUrlForm.Parse(segment).Select(part => string.Join(',', part))), Is.EqualTo(parts));

    [Test]
    public void AnyName_ComesBack()
    {
        var text = Gen.Elements("a", "+", "/", " ", "%", "ä", "x").ListOf().Select(letters => string.Concat(letters));
        var parts = text.Two().Select(pair => new[] { pair.Item1, pair.Item2 });

        Check.QuickThrowOnFailure(Prop.ForAll(parts.ToArbitrary(), names =>
        {
            var segment = Uri.UnescapeDataString(NamedUrlForm.Format([[names[0]], [names[1]]]));
            return NamedUrlForm.Parse(segment).Select(part => part[0]).SequenceEqual(names);
        }));
    }
}

using System.Text;
using ContainerGroups.Host.Output.Masking;

namespace ContainerGroups.Host.Tests.Output.Masking;

public sealed class SecretMatchersTests
{
    [Test]
    public void TwoStreamsOfTheSameSecrets_EachMasksItsOwn()
    {
        using var matchers = new SecretMatchers();
        var first = matchers.MaskerFor(Secrets("swordfish"))!;
        var second = matchers.MaskerFor(Secrets("swordfish"))!;

        // Cut in the midst of the secret: what one holds back is nothing to the other.
        var text = Text(first.Take("a sword"u8)) + Text(second.Take("fish"u8)) + Text(first.Take("fish b"u8)) + Text(first.Complete());

        Assert.That(text, Is.EqualTo("a fish********* b"));
    }

    [Test]
    public void OtherSecrets_AreMaskedByTheirOwnMasker()
    {
        using var matchers = new SecretMatchers();
        var first = matchers.MaskerFor(Secrets("swordfish", "marlin"))!;
        // The same bytes in all, cut elsewhere.
        var second = matchers.MaskerFor(Secrets("swordfis", "hmarlin"))!;

        Assert.Multiple(() =>
        {
            Assert.That(Text(first.Take("swordfish marlin."u8)), Is.EqualTo("********* ******."));
            Assert.That(Text(second.Take("swordfish marlin."u8)), Is.EqualTo("********h marlin."));
        });
    }

    [Test]
    public void NoSecrets_NoMasker()
    {
        using var matchers = new SecretMatchers();

        Assert.Multiple(() =>
        {
            Assert.That(matchers.MaskerFor([]), Is.Null);
            Assert.That(matchers.MaskerFor(Secrets("-----BEGIN CERTIFICATE-----")), Is.Null);
        });
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Secrets(params string[] secrets) =>
        [.. secrets.Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret))];

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}

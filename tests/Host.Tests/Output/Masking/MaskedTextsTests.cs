using System.Text;
using ContainerGroups.Host.Output.Masking;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Output.Masking;

/// <summary>Texts made of pieces of secrets and of what may stand between lines, against a masker without any skill.</summary>
public sealed class MaskedTextsTests
{
    private static readonly string[] Between =
    [
        " ", "\n", "\r\n", "\\n", "\\\\n", "\", \"", "\u001b[0m", "\u001b[0;32m", "\\u001b[1;31m", "\\u000a", "\\u0009", "\t'",
    ];

    /// <summary>It only looks so.</summary>
    private static readonly string[] Separating =
    [
        "\\", "\\x", "\\u00", "\\u00zz", "\\u0041", "\u001b", "\u001b]0;", "\u001b[3x", "\\u001b(", "\\u0\u001b[0m", "\\\u001b[K", "-", ".", "é",
    ];

    [Test]
    public void AnyText_InAnyPieces_IsMaskedAsByComparingEverywhere() => Prop.ForAll(Cases(shortest: 4), IsRight).QuickCheckThrowOnFailure();

    [Test]
    public void LongSecretsAlone_OfWhichMuchIsPassedOver_AreMaskedAsByComparingEverywhere() =>
        Prop.ForAll(Cases(shortest: 12), IsRight).QuickCheckThrowOnFailure();

    [Test]
    public void AnotherMaskerFromAnyPointOn_MasksTheSame() => Prop.ForAll(Cases(shortest: 8), one =>
    {
        var point = one.Cuts.Count == 0 ? 0 : one.Cuts[0] % (one.Text.Length + 1);
        var context = Math.Min(point, one.NewMasker().Context);
        var masked = Mask(one.NewMasker(), one.Text[(point - context)..], one.Cuts);
        return masked.Skip(context).SequenceEqual(Mask(one.NewMasker(), one.Text, []).Skip(point));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void GapOfAnyLength_IsPassedOverUpToItsLimit([Range(90, 102)] int gap, [Values(1, 7, 31, 32, 33, 4000, 4090)] int before)
    {
        var encoded = Convert.ToBase64String("a long enough secret"u8);
        var one = new Case(["a long enough secret"], Encoding.UTF8.GetBytes(new string('.', before) + encoded[..9] + new string(' ', gap) + encoded[9..]), []);

        // Of the last character of all, only some bits are the secret's.
        Assert.That(Mask(one.NewMasker(), one.Text, []).Count(value => value == '*'), Is.EqualTo(gap <= 96 ? encoded.TrimEnd('=').Length - 1 : 0));
        Assert.That(IsRight(one), Is.True);
    }

    private static bool IsRight(Case one) =>
        Mask(one.NewMasker(), one.Text, one.Cuts).SequenceEqual(NaiveMasking.Mask(one.Text, one.Forms, one.Broken));

    private static byte[] Mask(SecretMasker masker, byte[] text, IEnumerable<int> cuts)
    {
        var (masked, from) = (new List<byte>(), 0);
        foreach (var cut in cuts.Select(cut => cut % (text.Length + 1)).Order().Append(text.Length))
        {
            masked.AddRange(masker.Take(text.AsSpan(from, cut - from)).Span);
            from = cut;
        }

        masked.AddRange(masker.Complete().Span);
        return [.. masked];
    }

    private static Arbitrary<Case> Cases(int shortest)
    {
        var letters = Gen.Elements("aab01/+ '\"\\é".ToCharArray());
        var secrets = Gen.Choose(shortest, shortest + 30).SelectMany(length => letters.ArrayOf(length)).Select(text => new string(text)).ArrayOf(2);
        var cases =
            from hidden in secrets
            from pieces in Pieces(Case.FormsOf(hidden)).ListOf()
            from repeated in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Choose(20, 60)))
            from cuts in Gen.Choose(0, 100_000).ListOf()
            select new Case(hidden, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Concat(pieces), repeated))), cuts);
        return cases.ToArbitrary();
    }

    private static Gen<string> Pieces(string[] forms)
    {
        var form = forms.Length == 0 ? Gen.Constant("none") : Gen.Elements(forms);
        var part = from whole in form
                   from start in Gen.Choose(0, whole.Length)
                   from end in Gen.Choose(start, whole.Length)
                   select whole[start..end];
        var broken = from whole in form
                     from at in Gen.Choose(0, whole.Length)
                     from width in Gen.Choose(1, 20)
                     from between in Gen.Frequency((3, Gen.Elements(Between)), (1, Gen.Elements(Separating)))
                     select string.Join(between, whole.Chunk(width).Select(chunk => new string(chunk)));
        return Gen.Frequency(
            (4, part),
            (3, form),
            (3, broken),
            (3, Gen.Elements(Between)),
            (2, Gen.Elements(Separating)),
            (1, Gen.Choose(20, 130).Select(length => new string(' ', length))),
            (1, Gen.Choose(1, 80).Select(length => new string('x', length))));
    }

    private sealed record Case(string[] Secrets, byte[] Text, IReadOnlyList<int> Cuts)
    {
        public IReadOnlyCollection<byte[]> Forms { get; } = SecretForms.Of(Bytes(Secrets));

        public IReadOnlyCollection<byte[]> Broken { get; } = SecretForms.BrokenOf(Bytes(Secrets));

        public static string[] FormsOf(string[] secrets) => [.. SecretForms.Of(Bytes(secrets)).Select(Encoding.UTF8.GetString)];

        public SecretMasker NewMasker() => new(new SecretMatcher(Forms), new SecretMatcher(Broken));

        private static IEnumerable<ReadOnlyMemory<byte>> Bytes(string[] secrets) =>
            [.. secrets.Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret))];
    }
}

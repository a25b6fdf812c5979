using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Output.Masking;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Output.Masking;

public sealed class SecretMaskerTests
{
    private const string Secret = "s3cr3t Pa$$'w\"ord/+äé";

    private static readonly string[] Texts =
    [
        Secret,
        Uri.EscapeDataString(Secret),
        Uri.EscapeDataString(Secret).Replace("%20", "+", StringComparison.Ordinal),
        JsonSerializer.Serialize(Secret),
        JsonSerializer.Serialize(JsonSerializer.Serialize(Secret)),
        "'s3cr3t Pa$$'\\''w\"ord/+äé'",
        "'s3cr3t Pa$$'\"'\"'w\"ord/+äé'",
        "s3cr3t\\ Pa\\$\\$\\'w\\\"ord/+äé",
        "\"s3cr3t Pa$$'w\\\"ord/+\\u00e4\\u00e9\"",
    ];

    [TestCaseSource(nameof(Texts))]
    public void SecretInAnyForm_IsMaskedByteForByte(string form)
    {
        var masked = Mask([Secret], $"before {form} after");

        Assert.Multiple(() =>
        {
            Assert.That(masked, Does.StartWith("before ").And.EndsWith(" after"));
            Assert.That(masked, Does.Not.Contain("s3cr3t").And.Not.Contain("ord"));
            Assert.That(Encoding.UTF8.GetByteCount(masked), Is.EqualTo(Encoding.UTF8.GetByteCount($"before {form} after")));
        });
    }

    [Test]
    public void SecretInsideBase64_IsMaskedAtEveryAlignment([Range(0, 5)] int before, [Range(0, 2)] int after)
    {
        const string secret = "correct-horse-battery";
        var text = new string('x', before) + secret + new string('y', after);
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

        var masked = Mask([secret], encoded);

        // At most the two characters at either end that the neighbours have a part in are left.
        Assert.That(masked.Count(character => character == '*'), Is.GreaterThanOrEqualTo((secret.Length * 8 / 6) - 2));
    }

    [Test]
    public void EveryLineOfAKey_IsMasked()
    {
        const string key = "-----BEGIN KEY-----\nb3BlbnNzaC1rZXk\nAAAABG5vbmUAAAA\n-----END KEY-----\n";

        var masked = Mask([key], "1: b3BlbnNzaC1rZXk\n-----BEGIN KEY-----\nAAAABG5vbmUAAAA");

        Assert.That(masked, Is.EqualTo("1: ***************\n-----BEGIN KEY-----\n***************"));
    }

    [Test]
    public void OverlappingSecrets_AreBothMasked()
    {
        Assert.That(Mask(["abcdef", "defghi"], "xabcdefghix"), Is.EqualTo("x*********x"));
    }

    [Test]
    public void BeginningOfASecret_IsKeptAsItIs()
    {
        Assert.That(Mask(["abcdef"], "abcde abcabcdef"), Is.EqualTo("abcde abc******"));
    }

    [Test]
    public void MaskedJson_StaysJson()
    {
        var line = JsonSerializer.Serialize(new { stdout = $"the word is {Secret}", res = new { msg = JsonSerializer.Serialize(new { Secret }) } });

        var masked = Mask([Secret], line);

        Assert.That(JsonDocument.Parse(masked).RootElement.GetProperty("stdout").GetString(), Does.StartWith("the word is ***"));
    }

    [Test]
    public void AnyCut_MasksTheSame()
    {
        Prop.ForAll(Streams(), stream =>
        {
            var whole = Naive(stream.Secrets, stream.Text);
            var masker = NewMasker(stream.Secrets);
            var masked = new List<byte>();
            var from = 0;
            foreach (var cut in stream.Cuts.Append(stream.Text.Length))
            {
                masked.AddRange(masker.Take(stream.Text.AsSpan(from, cut - from)).ToArray());
                from = cut;
            }

            masked.AddRange(masker.Complete().ToArray());
            return masked.SequenceEqual(whole);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void AnotherMaskerFromAnyPointOn_MasksTheSame()
    {
        Prop.ForAll(Streams(), stream =>
        {
            var whole = Naive(stream.Secrets, stream.Text);
            var point = stream.Cuts.Count == 0 ? 0 : stream.Cuts[0];
            var masker = NewMasker(stream.Secrets);
            var context = Math.Min(point, masker.Context);
            var masked = masker.Take(stream.Text.AsSpan(point - context)).ToArray().Concat(masker.Complete().ToArray());
            return masked.Skip(context).SequenceEqual(whole.Skip(point));
        }).QuickCheckThrowOnFailure();
    }

    private static Arbitrary<Stream> Streams()
    {
        // Few letters, so that secrets meet, overlap and repeat.
        var letters = Gen.Elements((byte)'a', (byte)'b', (byte)'c');
        var streams =
            from secrets in letters.ArrayOf(5).ListOf(2)
            from longer in letters.ArrayOf(9)
            from text in letters.ListOf(200)
            from cuts in Gen.Choose(0, 200).ListOf(6)
            select new Stream([.. secrets, longer], [.. text], [.. cuts.Order()]);
        return streams.ToArbitrary();
    }

    private static SecretMasker NewMasker(IReadOnlyCollection<byte[]> patterns) => new(new SecretMatcher(patterns), new SecretMatcher([]));

    private static string Mask(string[] secrets, string text)
    {
        var bytes = secrets.Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret)).ToList();
        var masker = new SecretMasker(new SecretMatcher(SecretForms.Of(bytes)), new SecretMatcher(SecretForms.BrokenOf(bytes)));
        return Encoding.UTF8.GetString([.. masker.Take(Encoding.UTF8.GetBytes(text)).ToArray(), .. masker.Complete().ToArray()]);
    }

    private static byte[] Naive(IReadOnlyCollection<byte[]> patterns, byte[] text)
    {
        var masked = text.ToArray();
        foreach (var pattern in patterns)
        {
            for (var at = 0; at + pattern.Length <= text.Length; at++)
            {
                if (text.AsSpan(at, pattern.Length).SequenceEqual(pattern))
                {
                    masked.AsSpan(at, pattern.Length).Fill((byte)'*');
                }
            }
        }

        return masked;
    }

    private sealed record Stream(IReadOnlyCollection<byte[]> Secrets, byte[] Text, IReadOnlyList<int> Cuts);
}

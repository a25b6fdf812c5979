using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Output.Masking;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Output.Masking;

/// <summary>Base64 with line ends inside the secret.</summary>
public sealed class BrokenFormsTests
{
    private static readonly string[] Gaps =
    [
        "\n", "\r\n", "\\n", "\\r\\n", "\\\\n", "\", \"", "\",\n            \"", "\\\", \\\"",
        "\u001b[0m\n\u001b[0;32m", "\",\u001b[0m\r\n\u001b[0;33m        \"", "\\u001b[0m\\r\\n\\u001b[0;32m",
    ];

    [Test]
    public void Base64_WithLinesOfAnyProgram_IsMasked_AndWhatStandsBetweenStays()
    {
        Prop.ForAll(Cases(), one =>
        {
            var (text, secret) = (one.Text, one.Secret);
            var masked = Mask([secret], text, []);
            var gaps = one.Gap.Length * (one.Lines.Count - 1);
            var whole = string.Concat(one.Lines);
            // Without the gaps, which are where they were.
            var joined = string.Concat(masked.Split(one.Gap));
            var core = Core(one.Before.Length, secret.Length);
            return masked.Length == text.Length
                && joined.Length == text.Length - gaps
                && joined[core].All(character => character == '*')
                && joined[..core.Start] == whole[..core.Start.Value]
                && joined[core.End..] == whole[core.End..];
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void AnyCut_MasksTheSame() => Prop.ForAll(Cases(), one => Mask([one.Secret], one.Text, one.Cuts) == Mask([one.Secret], one.Text, []))
        .QuickCheckThrowOnFailure();

    [Test]
    public void AnotherMaskerFromAnyPointOn_MasksTheSame() => Prop.ForAll(Cases(), one =>
    {
        // Far more before it than any context.
        var text = string.Concat(Enumerable.Repeat(one.Text + "-\n", 40));
        var point = text.Length - one.Text.Length + (one.Cuts.Count == 0 ? 0 : Math.Min(one.Cuts[0], one.Text.Length));
        var begin = Math.Max(point - NewMasker([one.Secret]).Context, 0);
        return Mask([one.Secret], text[begin..], [])[(point - begin)..] == Mask([one.Secret], text, [])[point..];
    }).QuickCheckThrowOnFailure();

    [Test]
    public void ManyWordsBetween_AreNoLineEnd()
    {
        var encoded = Convert.ToBase64String("a long enough secret"u8);
        var text = encoded[..10] + new string(' ', 200) + encoded[10..];

        Assert.That(Mask(["a long enough secret"], text, []), Is.EqualTo(text));
    }

    [Test]
    public void JsonOfAWrappedOutput_StaysJson()
    {
        var lines = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', 50) + "a long enough secret")).Chunk(76).Select(line => new string(line));
        var json = JsonSerializer.Serialize(new { stdout = string.Join('\n', lines), stdout_lines = lines });

        var masked = Mask(["a long enough secret"], json, []);

        using var parsed = JsonDocument.Parse(masked);
        var last = parsed.RootElement.GetProperty("stdout_lines")[1].GetString();
        Assert.That(last, Does.StartWith("***"));
        Assert.That(parsed.RootElement.GetProperty("stdout").GetString(), Does.EndWith("\n" + last));
    }

    private static Arbitrary<Case> Cases()
    {
        var letters = Gen.Elements("abcXYZ019 .:/".ToCharArray());
        var cases =
            from secret in Gen.Choose(9, 120).SelectMany(length => letters.ArrayOf(length))
            from before in Gen.Choose(0, 90).SelectMany(length => letters.ArrayOf(length))
            from after in Gen.Choose(0, 90).SelectMany(length => letters.ArrayOf(length))
            from width in Gen.Elements(64, 76)
            from gap in Gen.Elements(Gaps)
            from cuts in Gen.Choose(0, 100).ListOf(4)
            select new Case(new string(secret), new string(before), new string(after), width, gap, cuts);
        return cases.ToArbitrary();
    }

    /// <summary>The characters that nothing but the secret has a part in, as the masker has it too.</summary>
    private static Range Core(int before, int length) => (((before * 8) + 5) / 6)..((before + length) * 8 / 6);

    private static SecretMasker NewMasker(string[] secrets)
    {
        var bytes = secrets.Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret)).ToList();
        return new SecretMasker(new SecretMatcher(SecretForms.Of(bytes)), new SecretMatcher(SecretForms.BrokenOf(bytes)));
    }

    private static string Mask(string[] secrets, string text, IEnumerable<int> cuts)
    {
        var masker = NewMasker(secrets);
        var bytes = Encoding.UTF8.GetBytes(text);
        var (masked, from) = (new List<byte>(), 0);
        foreach (var cut in cuts.Where(cut => cut <= bytes.Length).Order().Append(bytes.Length))
        {
            masked.AddRange(masker.Take(bytes.AsSpan(from, cut - from)).ToArray());
            from = cut;
        }

        masked.AddRange(masker.Complete().ToArray());
        return Encoding.UTF8.GetString([.. masked]);
    }

    private sealed record Case(string Secret, string Before, string After, int Width, string Gap, IReadOnlyList<int> Cuts)
    {
        public IReadOnlyList<string> Lines { get; } =
            [.. Convert.ToBase64String(Encoding.UTF8.GetBytes(Before + Secret + After)).Chunk(Width).Select(line => new string(line))];

        public string Text => string.Join(Gap, Lines);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Output.Masking;

namespace ContainerGroups.Benchmarks;

/// <summary>What it costs to look for secrets in what jobs print, beside a copy of the same bytes.</summary>
internal static class MaskBenchmark
{
    /// <summary>As much as comes from a pod at a time.</summary>
    private const int PieceBytes = 32 * 1024;

    private const int TextBytes = 4 << 20;

    /// <summary>The best one counts: the others were disturbed.</summary>
    private const int Rounds = 40;

    public static Task RunAsync()
    {
        var random = new Random(1);
        var all = Secrets(random);
        var texts = new (string Name, byte[] Text)[]
        {
            ("log", Lines(i => $"2026-01-01T00:00:00.{i:D9}Z info request {i * 7919 % 1_000_003} answered in {i % 97} ms\n")),
            ("json", Lines(i => $"{{\"uuid\":\"{i * 7919:x8}\",\"stdout\":\"ok: [host{i % 97}]\\r\\n\\u001b[0;32mchanged\\u001b[0m\",\"event_data\":{{\"res\":{{\"msg\":\"done \\\"{i}\\\"\"}}}}}}\n")),
            ("base64", Lines(_ => Convert.ToBase64String(Bytes(random, 57)) + "\n")),
            ("random", Bytes(random, TextBytes)),
            ("pieces", Pieces(random, all)),
        };
        using var matchers = new SecretMatchers();
        foreach (var count in new[] { 0, 1, 5, 20 })
        {
            var secrets = all[..count];
            var watch = Stopwatch.StartNew();
            _ = matchers.MaskerFor(secrets);
            var made = watch.Elapsed.TotalMilliseconds;
            var figures = texts.Select(text => $"{text.Name} {Compare(text.Text, () => matchers.MaskerFor(secrets))}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,2} secrets (found their forms in {made:F0} ms): {string.Join(", ", figures)}"));
        }

        Console.WriteLine($"MB/s, and in brackets how many times as long as a copy took; load {ServerProcess.Load}");
        return Task.CompletedTask;
    }

    private static string Compare(byte[] text, Func<SecretMasker?> newMasker)
    {
        var (copied, masked) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            copied = Min(copied, Run(text, null));
            masked = Min(masked, Run(text, newMasker()));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text.Length / 1e6 / masked.TotalSeconds:F0} ({masked / copied:F1})");
    }

    private static TimeSpan Run(byte[] text, SecretMasker? masker)
    {
        var stored = new byte[2 * PieceBytes];
        var watch = Stopwatch.StartNew();
        for (var at = 0; at < text.Length; at += PieceBytes)
        {
            var piece = text.AsMemory(at, Math.Min(PieceBytes, text.Length - at));
            (masker?.Take(piece.Span) ?? piece).CopyTo(stored);
        }

        return watch.Elapsed;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>A service account's token, an authority's certificate, a key, and passwords of any length.</summary>
    private static ReadOnlyMemory<byte>[] Secrets(Random random)
    {
        string[] large =
        [
            string.Join('.', new[] { 60, 640, 256 }.Select(length => Url(random, length))),
            PemEncoding.WriteString("CERTIFICATE", Bytes(random, 770)),
            PemEncoding.WriteString("PRIVATE KEY", Bytes(random, 1218)),
        ];
        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"$%&/()=?'+*#-_.:,;<>";
        var passwords = Enumerable.Range(0, 17).Select(i => new string(random.GetItems<char>(letters, 6 + (2 * i))));
        return [.. large.Concat(passwords).Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret))];
    }

    private static string Url(Random random, int bytes) => Convert.ToBase64String(Bytes(random, bytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Lines(Func<int, string> line)
    {
        var text = new MemoryStream(TextBytes);
        for (var i = 0; text.Length < TextBytes; i++)
        {
            text.Write(Encoding.UTF8.GetBytes(line(i)));
        }

        return text.ToArray();
    }

    /// <summary>The worst that a program can print: nothing but pieces of secrets, whole ones too.</summary>
    private static byte[] Pieces(Random random, ReadOnlyMemory<byte>[] secrets)
    {
        var forms = SecretForms.Of(secrets).ToArray();
        var text = new MemoryStream(TextBytes);
        while (text.Length < TextBytes)
        {
            var form = forms[random.Next(forms.Length)];
            text.Write(form.AsSpan(0, random.Next(1, form.Length + 1)));
        }

        return text.ToArray();
    }
}

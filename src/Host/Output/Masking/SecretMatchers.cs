using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Makes maskers. What finds a set of secrets takes a megabyte or two and tens of milliseconds to make, mostly for the token and the CA of a
/// group, and thousands of jobs of one group run at a time: they share it, and the next ones find it for a while.
/// </summary>
internal sealed class SecretMatchers : IDisposable
{
    /// <summary>Sets of secrets that are kept; who has one goes on with it whatever happens here.</summary>
    private const int MostKept = 32;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <summary>A masker for one stream; null when there is nothing to mask.</summary>
    public SecretMasker? MaskerFor(IReadOnlyList<ReadOnlyMemory<byte>> secrets)
    {
        if (secrets.Count == 0)
        {
            return null;
        }

        // Of those that come at the same time the first makes it, and the others wait.
        var found = _known.GetOrCreate(KeyOf(secrets), entry =>
        {
            entry.Size = 1;
            entry.SlidingExpiration = Kept;
            return new Lazy<Matchers?>(() => Matchers.Of(secrets));
        });
        return found?.Value is { } matchers ? new SecretMasker(matchers.Whole, matchers.Broken) : null;
    }

    public void Dispose() => _known.Dispose();

    /// <summary>The secrets themselves are kept nowhere.</summary>
    private static string KeyOf(IReadOnlyList<ReadOnlyMemory<byte>> secrets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var secret in secrets)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, secret.Length);
            hash.AppendData(length);
            hash.AppendData(secret.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed record Matchers(SecretMatcher Whole, SecretMatcher Broken)
    {
        public static Matchers? Of(IReadOnlyList<ReadOnlyMemory<byte>> secrets)
        {
            var forms = SecretForms.Of(secrets);
            return forms.Count == 0 ? null : new Matchers(new SecretMatcher(forms), new SecretMatcher(SecretForms.BrokenOf(secrets)));
        }
    }
}

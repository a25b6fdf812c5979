using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Host.Access;

/// <summary>
/// Secrets that the server makes itself, and the digests that are stored of them. One pass of SHA-256 is enough: with 256 random bits
/// there is nothing to guess that salt or slowness would make dearer, and each request looks its token up by the digest.
/// </summary>
internal static class RandomSecret
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>62 to the power of 43 is more than 2 to the power of 256.</summary>
    private const int Length = 43;

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether a secret has this digest, in a time that doesn't tell how much of it is right.</summary>
    public static bool Matches(string secret, string digest) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Digest(secret)), Encoding.UTF8.GetBytes(digest));
}

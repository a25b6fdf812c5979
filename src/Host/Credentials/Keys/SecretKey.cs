using System.Security.Cryptography;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>A key for secrets, 256 bits. Its id is a digest of it: the same key has the same id wherever it is, and tells nothing.</summary>
internal sealed class SecretKey
{
    public const int Length = 32;

    private const int IdBytes = 8;

    private SecretKey(byte[] bytes)
    {
        Bytes = bytes;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "containergroups key id\0"u8, .. bytes]).AsSpan(0, IdBytes));
    }

    public string Id { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static SecretKey New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads one as it is written in files and configuration; null when it is none.</summary>
    public static SecretKey? Parse(string base64)
    {
        var bytes = new byte[Length + 1];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == Length ? new SecretKey(bytes[..Length]) : null;
    }

    public string ToBase64() => Convert.ToBase64String(Bytes.Span);

    /// <summary>The id; never the key.</summary>
    public override string ToString() => Id;
}

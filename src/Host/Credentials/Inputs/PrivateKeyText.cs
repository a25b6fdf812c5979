using System.Buffers.Binary;
using System.Text;

namespace ContainerGroups.Host.Credentials.Inputs;

/// <summary>What can be told of a private key without its passphrase.</summary>
internal static class PrivateKeyText
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    private static readonly string[] Labels =
        ["OPENSSH PRIVATE KEY", "RSA PRIVATE KEY", "DSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];

    /// <summary>Whether a key is encrypted; null when the text is no private key.</summary>
    public static bool? IsEncrypted(string text)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        var begin = lines.FindIndex(line => line.StartsWith(Begin, StringComparison.Ordinal) && line.EndsWith(Dashes, StringComparison.Ordinal));
        if (begin < 0)
        {
            return null;
        }

        var label = lines[begin][Begin.Length..^Dashes.Length];
        var end = lines.IndexOf(End + label + Dashes, begin);
        if (end < 0 || !Labels.Contains(label))
        {
            return null;
        }

        var inside = lines.GetRange(begin + 1, end - begin - 1);
        // The lines above the blank one, where there are any, say how the key is encrypted.
        var headers = inside.Where(line => line.Contains(':', StringComparison.Ordinal)).ToList();
        var body = string.Concat(inside.Where(line => !line.Contains(':', StringComparison.Ordinal)));
        var bytes = new byte[body.Length];
        if (body.Length == 0 || !Convert.TryFromBase64String(body, bytes, out var length))
        {
            return null;
        }

        return label switch
        {
            "OPENSSH PRIVATE KEY" => IsOpenSshEncrypted(bytes.AsSpan(0, length)),
            "ENCRYPTED PRIVATE KEY" => true,
            _ => headers.Any(header => header.StartsWith("Proc-Type:", StringComparison.Ordinal) && header.Contains("ENCRYPTED", StringComparison.Ordinal)),
        };
    }

    /// <summary>After the magic word stands the name of the cipher, with its length before it.</summary>
    private static bool? IsOpenSshEncrypted(ReadOnlySpan<byte> key)
    {
        var magic = "openssh-key-v1\0"u8;
        if (!key.StartsWith(magic) || key.Length < magic.Length + 4)
        {
            return null;
        }

        var rest = key[magic.Length..];
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return length > 64 || rest.Length < 4 + length ? null : Encoding.ASCII.GetString(rest.Slice(4, (int)length)) != "none";
    }
}

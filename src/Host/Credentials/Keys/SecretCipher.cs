using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>
/// Encrypts one secret value by AES-256-GCM. What comes out belongs to its credential, field and key: moved to another place of the
/// table, or changed by a bit, it is no longer readable.
/// </summary>
internal static class SecretCipher
{
    private const byte Version = 1;

    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public static CredentialSecret Encrypt(SecretKey key, long credentialId, string field, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var data = new byte[1 + NonceLength + TagLength + plain.Length];
        data[0] = Version;
        var (nonce, tag, cipher) = Parts(data);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key.Bytes.Span, TagLength);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span, Binding(credentialId, field, key));
        CryptographicOperations.ZeroMemory(plain);
        return new CredentialSecret { CredentialId = credentialId, Field = field, KeyId = key.Id, Data = data };
    }

    /// <summary>The value; null when what is stored was damaged, or belongs elsewhere.</summary>
    public static string? Decrypt(SecretKey key, CredentialSecret secret)
    {
        if (secret.Data.Length < 1 + NonceLength + TagLength || secret.Data[0] != Version)
        {
            return null;
        }

        var (nonce, tag, cipher) = Parts(secret.Data);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key.Bytes.Span, TagLength);
        try
        {
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Binding(secret.CredentialId, secret.Field, key));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] data) =>
        (data.AsMemory(1, NonceLength), data.AsMemory(1 + NonceLength, TagLength), data.AsMemory(1 + NonceLength + TagLength));

    private static byte[] Binding(long credentialId, string field, SecretKey key) =>
        Encoding.UTF8.GetBytes($"v{Version}\0credential\0{credentialId}\0{field}\0{key.Id}");
}

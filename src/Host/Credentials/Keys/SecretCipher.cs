using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>
/// Encrypts one secret value by AES-256-GCM. What comes out belongs to its place and key: moved to another place, or changed by a bit,
/// it is no longer readable.
/// </summary>
internal static class SecretCipher
{
    private const byte Version = 1;

    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public static CredentialSecret Encrypt(SecretKey key, long credentialId, string field, string value) =>
        Encrypt(key, new CredentialSecret { CredentialId = credentialId, Field = field }, value);

    /// <summary>Puts a value into its place.</summary>
    public static T Encrypt<T>(SecretKey key, T secret, string value)
        where T : StoredSecret
    {
        (secret.KeyId, secret.Data) = (key.Id, Encrypt(key, secret.Place, value));
        return secret;
    }

    /// <summary>What a place holds of a value.</summary>
    public static byte[] Encrypt(SecretKey key, string place, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var data = new byte[1 + NonceLength + TagLength + plain.Length];
        data[0] = Version;
        var (nonce, tag, cipher) = Parts(data);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key.Bytes.Span, TagLength);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span, Binding(place, key));
        CryptographicOperations.ZeroMemory(plain);
        return data;
    }

    /// <summary>The value; null when what is stored was damaged, or belongs elsewhere.</summary>
    public static string? Decrypt(SecretKey key, StoredSecret secret)
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
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Binding(secret.Place, key));
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

    private static byte[] Binding(string place, SecretKey key) => Encoding.UTF8.GetBytes($"v{Version}\0{place}\0{key.Id}");
}

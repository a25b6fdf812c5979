using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Passwords;

/// <summary>
/// Makes and checks password hashes (PBKDF2 with HMAC-SHA512, as often as OWASP asks for). Clients send Basic credentials with every request, so a success is
/// remembered for a while under a keyed digest of user, stored hash and password: a changed password is never remembered, and the
/// memory of the process holds no password.
/// </summary>
internal sealed class PasswordHashes : IDisposable
{
    private const int Iterations = 210_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly PasswordHasher<User> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly MemoryCache _verified;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lazy<string> _nobody;

    public PasswordHashes()
    {
        _verified = new MemoryCache(new MemoryCacheOptions { SizeLimit = 10_000 });
        _nobody = new Lazy<string>(() => _hasher.HashPassword(new User(), Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
    }

    public string Hash(string password) => _hasher.HashPassword(new User(), password);

    /// <summary>Whether the password was found to be the user's a short while ago.</summary>
    public bool Remembers(User user, string password) => user.PasswordHash.Length > 0 && _verified.TryGetValue(Digest(user, password), out _);

    /// <summary>Whether the password is the user's. An unknown user (null) costs as much time as a wrong password.</summary>
    public bool Verify(User? user, string password)
    {
        if (user is null || user.PasswordHash.Length == 0)
        {
            _hasher.VerifyHashedPassword(new User(), _nobody.Value, password);
            return false;
        }

        var digest = Digest(user, password);
        if (_verified.TryGetValue(digest, out _))
        {
            return true;
        }

        var right = _hasher.VerifyHashedPassword(user, user.PasswordHash, password) != PasswordVerificationResult.Failed;
        if (right)
        {
            _verified.Set(digest, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        }

        return right;
    }

    public void Dispose() => _verified.Dispose();

    private string Digest(User user, string password)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, user.Id);
        hmac.AppendData(number);
        var hash = Encoding.UTF8.GetBytes(user.PasswordHash);
        BinaryPrimitives.WriteInt64LittleEndian(number, hash.Length);
        hmac.AppendData(number);
        hmac.AppendData(hash);
        hmac.AppendData(Encoding.UTF8.GetBytes(password));
        return Convert.ToBase64String(hmac.GetHashAndReset());
    }
}

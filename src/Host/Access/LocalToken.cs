using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Host.Access;

/// <summary>
/// A token that is as good as the administrator, in a file that only the server's own account can read. It is made anew at each
/// start, and lets the command line talk to the server that serves the same data directory without a password.
/// </summary>
internal sealed class LocalToken
{
    public const string FileName = "token";

    private byte[] _digest = [];

    /// <summary>Makes the token and writes its file. Until then no token is right.</summary>
    public void Write(string directory)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var path = Path.Combine(directory, FileName);
        var partial = path + ".new";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(partial, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(token));
        }

        // A reader sees the old token or the new one, never a part of one.
        File.Move(partial, path, overwrite: true);
        Volatile.Write(ref _digest, Digest(token));
    }

    public bool IsRight(string token)
    {
        var digest = Volatile.Read(ref _digest);
        return digest.Length > 0 && CryptographicOperations.FixedTimeEquals(digest, Digest(token));
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

using System.Text;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>Where the keys are: in the configuration (<c>SecretKey</c>), or in a file that only its owner can read.</summary>
internal sealed class SecretKeySource(IConfiguration configuration, DataDirectory data)
{
    public const string FileName = "secret.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _configured = configuration["SecretKey"] is { Length: > 0 } text ? text : null;

    /// <summary>Whether the keys are in a file, which this server may write.</summary>
    public bool IsFile => _configured is null;

    public string Path => configuration["SecretKeyFile"] is { Length: > 0 } path
        ? System.IO.Path.GetFullPath(path)
        : System.IO.Path.Combine(data.Root, FileName);

    /// <summary>For people: where the keys are.</summary>
    public string Description => IsFile ? $"the key file {Path}" : "SecretKey of the configuration";

    /// <summary>The same at the beginning of a sentence.</summary>
    public string SentenceStart => char.ToUpperInvariant(Description[0]) + Description[1..];

    /// <summary>The keys; null when there is no file.</summary>
    /// <exception cref="SecretUnavailableException">What is there is no key, or can't be read.</exception>
    public SecretKeyRing? Read()
    {
        try
        {
            if (IsFile && !File.Exists(Path))
            {
                return null;
            }

            return SecretKeyRing.Parse(_configured ?? File.ReadAllText(Path)) ?? throw new SecretUnavailableException(
                $"{SentenceStart} holds no key: 32 bytes in Base64 are expected.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"{SentenceStart} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Whether others than the owner may read the file.</summary>
    public bool IsOpenToOthers() =>
        IsFile && !OperatingSystem.IsWindows() && File.Exists(Path) && (File.GetUnixFileMode(Path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0;

    /// <summary>Puts other keys in place of those in the file, all or nothing, and on the disk when it returns.</summary>
    /// <exception cref="SecretUnavailableException">The file can't be written.</exception>
    public void Write(SecretKeyRing ring)
    {
        var path = Path;
        var partial = path + ".new";
        try
        {
            File.Delete(partial);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var stream = new FileStream(partial, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(ring.ToText()));
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"{SentenceStart} can't be written: {e.Message}", e);
        }
    }
}

using System.Collections.ObjectModel;
using System.Security.Cryptography;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// The files of one plugin. Managed code is loaded from what <see cref="Read"/> gives, never mapped from disk: replacing a file under
/// a running server can't damage it, a second attempt sees the new file, and a hash that was checked is that of what runs.
/// </summary>
internal abstract class PluginFiles
{
    /// <summary>Where an operator finds them; unique.</summary>
    public abstract string Location { get; }

    /// <summary>The folder; null when the files are inside the executable.</summary>
    public abstract string? Directory { get; }

    /// <summary>Every file by its path below the folder, parted by slashes, in a fixed order.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    public bool BuiltIn => Directory is null;

    /// <exception cref="IOException">There is no such file, or it can't be read.</exception>
    public abstract byte[] Read(string name);

    /// <summary>The SHA-256 of every file in lower-case hexadecimal.</summary>
    public IReadOnlyDictionary<string, string> Hashes() =>
        new ReadOnlyDictionary<string, string>(Names.ToDictionary(name => name, name => HashOf(Read(name)), StringComparer.Ordinal));

    public bool Contains(string name) => Names.Contains(name, StringComparer.Ordinal);

    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

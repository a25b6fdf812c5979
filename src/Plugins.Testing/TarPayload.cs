using System.Formats.Tar;
using System.Security.Cryptography;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>A payload in memory.</summary>
public sealed class TarPayload(byte[] archive) : IPayload
{
    /// <summary>The archive.</summary>
    public byte[] Archive { get; } = archive;

    /// <inheritdoc/>
    public long Length { get; init; } = archive.Length;

    /// <inheritdoc/>
    public string Sha256 { get; init; } = Convert.ToHexStringLower(SHA256.HashData(archive));

    /// <summary>Packs files.</summary>
    public static TarPayload Of(params (string Name, byte[] Content)[] files) => OfEntries(
        files.Select(file => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, file.Name) { DataStream = new MemoryStream(file.Content) }));

    /// <summary>Packs entries.</summary>
    public static TarPayload OfEntries(IEnumerable<TarEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return new TarPayload(stream.ToArray());
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(Archive, writable: false));
}

using System.Formats.Tar;
using System.Security.Cryptography;
using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Takes a payload as a backend has to: whole, or not at all.</summary>
internal static class FakePayload
{
    /// <exception cref="BackendException">It is not what it says it is.</exception>
    public static async Task VerifyAsync(IPayload payload, CancellationToken cancellationToken)
    {
        await using var archive = await payload.OpenAsync(cancellationToken);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var length = 0L;
        while (await archive.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            sha.AppendData(buffer, 0, read);
            length += read;
        }

        if (length != payload.Length || Convert.ToHexStringLower(sha.GetHashAndReset()) != payload.Sha256)
        {
            throw new BackendException(BackendFailureReason.Unknown, "The payload did not arrive whole.", isTransient: true);
        }
    }

    /// <summary>Copies one file of a payload out of it.</summary>
    public static async Task ExtractAsync(IPayload payload, string entry, string file, CancellationToken cancellationToken)
    {
        await using var archive = await payload.OpenAsync(cancellationToken);
        await using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } next)
        {
            if (next.Name == entry)
            {
                await next.ExtractToFileAsync(file, overwrite: true, cancellationToken);
                return;
            }
        }

        throw new BackendException(BackendFailureReason.Unknown, $"The payload has no file {entry}.");
    }
}

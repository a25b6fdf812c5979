using System.Security.Cryptography;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Takes an archive that a client sends: to a file first, checked there, stored, and only then made the project's revision.</summary>
internal sealed class ArchiveUploads(DatabaseRetry retry, ArchiveStore store, ProjectArchive archive, ProjectsOptions options, TimeProvider clock)
{
    /// <returns>The digest; null when the project is gone, or takes no archives any more.</returns>
    /// <exception cref="ArchiveRefusedException">It is too long, or holds what is not taken; nothing has changed.</exception>
    public async Task<string?> TakeAsync(long projectId, Stream body, CancellationToken cancellationToken)
    {
        await using var file = store.TemporaryFile();
        var digest = await ReceiveAsync(body, file, cancellationToken);
        var playbooks = await archive.CheckAsync(file, cancellationToken);
        await store.StoreAsync(projectId, digest, file, cancellationToken);
        var isTaken = await UseAsync(projectId, digest, playbooks, cancellationToken);
        await store.RemoveUnusedAsync(cancellationToken);
        return isTaken ? digest : null;
    }

    private async Task<string> ReceiveAsync(Stream body, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 << 10];
        while (await body.ReadAsync(buffer, cancellationToken) is var read && read > 0)
        {
            if (file.Position + read > options.MaxArchiveBytes)
            {
                throw new ArchiveRefusedException($"The archive is longer than {options.MaxArchiveBytes} bytes.");
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await file.FlushAsync(cancellationToken);
        return file.Length > 0 ? Convert.ToHexStringLower(hash.GetHashAndReset()) : throw new ArchiveRefusedException("The body is empty.");
    }

    private Task<bool> UseAsync(long projectId, string digest, IReadOnlyList<string> playbooks, CancellationToken cancellationToken)
    {
        var (now, files) = (clock.GetUtcNow().UtcDateTime, ProjectPlaybooks.Write(playbooks));
        return retry.RunInTransactionAsync(
            async (db, token) => await db.Projects.Where(p => p.Id == projectId && p.ScmType == ScmTypes.Archive)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(p => p.ScmRevision, digest)
                        .SetProperty(p => p.PlaybookFiles, files)
                        .SetProperty(p => p.Status, JobStatuses.Successful)
                        .SetProperty(p => p.LastUpdated, now)
                        .SetProperty(p => p.LastUpdateFailed, false),
                    token) > 0,
            cancellationToken);
    }
}

using System.Security.Cryptography;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Archives in the store, in pieces, so that every host of the installation has them.</summary>
internal sealed class ArchiveStore(DatabaseRetry retry, ProjectPaths paths, TimeProvider clock)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>For so long an archive that nothing refers to may be one that is being uploaded.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private static readonly string[] Unfinished = [JobStatuses.New, JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>Stores an archive that was checked. Nothing refers to it until its digest is made the project's revision.</summary>
    public async Task StoreAsync(long projectId, string digest, Stream archive, CancellationToken cancellationToken)
    {
        // An upload of the same bytes that was cut off left the first pieces: what they hold is the same again.
        var stored = await ClaimStoredAsync(projectId, digest, cancellationToken);
        archive.Position = (long)stored * ChunkBytes;
        var buffer = new byte[ChunkBytes];
        for (var sequence = stored; ; sequence++)
        {
            var read = await archive.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
            {
                return;
            }

            await StoreAsync(projectId, digest, sequence, buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Copies an archive out of the store into a file that is gone when it is closed.</summary>
    /// <exception cref="ProjectUnavailableException">It is not there, or not whole.</exception>
    public async Task<FileStream> OpenAsync(Project project, string digest, CancellationToken cancellationToken)
    {
        var file = TemporaryFile();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var sequence = 0; await ReadAsync(project.Id, digest, sequence, cancellationToken) is { } data; sequence++)
            {
                hash.AppendData(data);
                await file.WriteAsync(data, cancellationToken);
            }

            if (file.Length == 0 || Convert.ToHexStringLower(hash.GetHashAndReset()) != digest)
            {
                throw new ProjectUnavailableException($"The archive {digest} of project \"{project.Name}\" is no longer stored.");
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes archives that are neither a project's revision nor the revision of an unfinished job, and not just being stored.</summary>
    public Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow().UtcDateTime - Grace;
        return retry.RunInTransactionAsync(
            (db, token) => db.ProjectArchiveChunks
                .Where(c => !db.Projects.Any(p => p.Id == c.ProjectId && p.ScmRevision == c.Digest))
                .Where(c => !db.Jobs.Any(j => j.ProjectId == c.ProjectId && j.ScmRevision == c.Digest && Unfinished.Contains(j.Status)))
                .Where(c => !db.ProjectArchiveChunks.Any(f =>
                    f.ProjectId == c.ProjectId && f.Digest == c.Digest && f.Sequence == 0 && f.Stored >= before))
                .ExecuteDeleteAsync(token),
            cancellationToken);
    }

    public FileStream TemporaryFile() => new(
        Path.Combine(paths.Uploads, Guid.NewGuid().ToString("N")),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

    /// <summary>How many pieces are there; they are kept from removal from now on.</summary>
    private Task<int> ClaimStoredAsync(long projectId, string digest, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return retry.RunInTransactionAsync(
            async (db, token) =>
            {
                await Chunks(db, projectId, digest).Where(c => c.Sequence == 0).ExecuteUpdateAsync(s => s.SetProperty(c => c.Stored, now), token);
                return await Chunks(db, projectId, digest).CountAsync(token);
            },
            cancellationToken);
    }

    private async Task StoreAsync(long projectId, string digest, int sequence, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var bytes = data.ToArray();
        try
        {
            // A transaction for each piece: nobody else waits for the whole archive.
            await retry.RunInTransactionAsync(
                async (db, token) =>
                {
                    db.ProjectArchiveChunks.Add(
                        new ProjectArchiveChunk { ProjectId = projectId, Digest = digest, Sequence = sequence, Data = bytes, Stored = now });
                    await db.SaveChangesAsync(token);
                },
                cancellationToken);
        }
        catch (DbUpdateException)
        {
            if (await ReadAsync(projectId, digest, sequence, cancellationToken) is null)
            {
                throw;
            }

            // The same archive is uploaded by two at once, and the other was faster.
        }
    }

    private Task<byte[]?> ReadAsync(long projectId, string digest, int sequence, CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => Chunks(db, projectId, digest).AsNoTracking().Where(c => c.Sequence == sequence).Select(c => c.Data).SingleOrDefaultAsync(token),
        cancellationToken);

    private static IQueryable<ProjectArchiveChunk> Chunks(AppDb db, long projectId, string digest) =>
        db.ProjectArchiveChunks.Where(c => c.ProjectId == projectId && c.Digest == digest);
}

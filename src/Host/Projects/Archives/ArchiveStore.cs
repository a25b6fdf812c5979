using System.Security.Cryptography;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>Archives in the store, in pieces, so that every host of the installation has them.</summary>
internal sealed class ArchiveStore(IDbContextFactory<AppDb> databases, ProjectPaths paths)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Stores an archive that was checked. Nothing refers to it until its digest is made the project's revision.</summary>
    public async Task StoreAsync(long projectId, string digest, Stream archive, CancellationToken cancellationToken)
    {
        // An upload of the same bytes that was cut off left the first pieces: what they hold is the same again.
        var stored = await CountAsync(projectId, digest, cancellationToken);
        archive.Position = (long)stored * ChunkBytes;
        var buffer = new byte[ChunkBytes];
        for (var sequence = stored; ; sequence++)
        {
            var read = await archive.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
            {
                return;
            }

            // A transaction for each piece: nobody else waits for the whole archive.
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.ProjectArchiveChunks.Add(
                new ProjectArchiveChunk { ProjectId = projectId, Digest = digest, Sequence = sequence, Data = buffer[..read] });
            await db.SaveChangesAsync(cancellationToken);
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
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var chunks = Chunks(db, project.Id, digest).AsNoTracking().OrderBy(c => c.Sequence).Select(c => c.Data).AsAsyncEnumerable();
            await foreach (var data in chunks.WithCancellation(cancellationToken))
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

    public FileStream TemporaryFile() => new(
        Path.Combine(paths.Uploads, Guid.NewGuid().ToString("N")),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

    private async Task<int> CountAsync(long projectId, string digest, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Chunks(db, projectId, digest).CountAsync(cancellationToken);
    }

    private static IQueryable<ProjectArchiveChunk> Chunks(AppDb db, long projectId, string digest) =>
        db.ProjectArchiveChunks.Where(c => c.ProjectId == projectId && c.Digest == digest);
}

using System.Runtime.CompilerServices;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Output;

/// <summary>Reads what is stored of a job's text, by bytes and by lines, a few chunks at a time.</summary>
internal sealed class OutputReader(IDbContextFactory<AppDb> databases)
{
    private const int ChunksPerQuery = 16;

    /// <summary>How far the output is stored; null when there is no such job.</summary>
    public async Task<OutputState?> FindAsync(long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.UnifiedJobs.AsNoTracking().Where(job => job.Id == jobId)
            .Select(job => new OutputState { Status = job.Status, Length = job.OutputOffset, LineFeeds = job.OutputLines })
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The text from one byte up to, not including, another, in pieces of at most 64 KiB.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long jobId, long start, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (start < end)
        {
            var chunks = await ChunksFromAsync(jobId, start, cancellationToken);
            if (chunks.Count == 0)
            {
                yield break;
            }

            foreach (var chunk in chunks.TakeWhile(chunk => chunk.OutputOffset < end))
            {
                var text = ChunkCompression.Unpack(chunk.Data, chunk.Compression, chunk.Length);
                var from = (int)(start - chunk.OutputOffset);
                var length = (int)Math.Min(text.Length - from, end - start);
                yield return text.AsMemory(from, length);
                start += length;
            }
        }
    }

    /// <summary>Where a line begins, counted from 0; the end of the text when there are not so many.</summary>
    public async Task<long> FindLineAsync(long jobId, long line, CancellationToken cancellationToken)
    {
        if (line <= 0)
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // The line feed before it is in the last chunk that begins in an earlier line, if it is stored at all.
        var chunk = await db.OutputChunks.AsNoTracking()
            .Where(chunk => chunk.JobId == jobId && chunk.StartLine < line)
            .OrderByDescending(chunk => chunk.StartLine).ThenByDescending(chunk => chunk.OutputOffset)
            .FirstOrDefaultAsync(cancellationToken);
        if (chunk is not null && chunk.StartLine + chunk.LineFeeds >= line)
        {
            var text = ChunkCompression.Unpack(chunk.Data, chunk.Compression, chunk.Length);
            return chunk.OutputOffset + LineFeeds.IndexAfter(text, line - chunk.StartLine);
        }

        return await db.UnifiedJobs.Where(job => job.Id == jobId).Select(job => job.OutputOffset).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>How many lines there are; a last line without a line feed counts.</summary>
    public async Task<long> CountLinesAsync(long jobId, OutputState state, CancellationToken cancellationToken)
    {
        await foreach (var last in ReadAsync(jobId, Math.Max(0, state.Length - 1), state.Length, cancellationToken))
        {
            return state.LineFeeds + (last.Span[^1] == (byte)'\n' ? 0 : 1);
        }

        return state.LineFeeds;
    }

    private async Task<List<OutputChunk>> ChunksFromAsync(long jobId, long offset, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var chunks = db.OutputChunks.AsNoTracking().Where(chunk => chunk.JobId == jobId);
        // By its key, the chunk that holds the offset is found without looking at those before it.
        var first = await chunks.Where(chunk => chunk.OutputOffset <= offset).MaxAsync(chunk => (long?)chunk.OutputOffset, cancellationToken) ?? 0;
        return await chunks.Where(chunk => chunk.OutputOffset >= first && chunk.OutputOffset + chunk.Length > offset)
            .OrderBy(chunk => chunk.OutputOffset).Take(ChunksPerQuery).ToListAsync(cancellationToken);
    }
}

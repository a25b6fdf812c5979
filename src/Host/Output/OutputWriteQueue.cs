using System.Data.Common;
using System.Threading.Channels;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Output;

/// <summary>
/// Writes the batches of all running jobs, many in one transaction: SQLite has one writer, and a commit costs the same for one batch
/// as for a hundred. A store that can't take a write now (full disk, lost connection) is tried again until it can.
/// </summary>
internal sealed class OutputWriteQueue(
    IDbContextFactory<AppDb> databases, OutputStall stall, TimeProvider time) : IAsyncDisposable
{
    private const int LargestBatch = 1024 * 1024;
    private const int MaxBatchesInGroup = 256;
    private const long MaxBytesInGroup = 8 * 1024 * 1024;
    private const long ComfortableBytes = 64 * 1024 * 1024;

    private readonly Channel<QueuedWrite> _queue = Channel.CreateUnbounded<QueuedWrite>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _start = new();
    private Task? _writing;
    private long _queuedBytes;

    /// <summary>How much text a new batch may hold: less when much is waiting, so that thousands of loud jobs together stay small.</summary>
    public int BatchLimit => Interlocked.Read(ref _queuedBytes) < ComfortableBytes ? LargestBatch : OutputBatch.ChunkBytes;

    /// <summary>Returns when the batch is stored.</summary>
    /// <exception cref="ClaimLostException">The job has another runner; nothing of the batch was stored.</exception>
    public async Task WriteAsync(OutputBatch batch, CancellationToken cancellationToken)
    {
        lock (_start)
        {
            _writing ??= Task.Run(WriteAllAsync, CancellationToken.None);
        }

        var write = new QueuedWrite(batch, cancellationToken);
        var weight = batch.Weight;
        Interlocked.Add(ref _queuedBytes, weight);
        try
        {
            if (!_queue.Writer.TryWrite(write))
            {
                throw new OperationCanceledException("The host is stopping.");
            }

            await write.Stored.Task;
        }
        finally
        {
            Interlocked.Add(ref _queuedBytes, -weight);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_writing is { } writing)
        {
            await writing;
        }

        _stopping.Dispose();
    }

    private async Task WriteAllAsync()
    {
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await WriteGroupAsync(TakeGroup());
        }
    }

    private List<QueuedWrite> TakeGroup()
    {
        var group = new List<QueuedWrite>();
        long bytes = 0;
        while (group.Count < MaxBatchesInGroup && bytes < MaxBytesInGroup && _queue.Reader.TryRead(out var write))
        {
            group.Add(write);
            bytes += write.Batch.Weight;
        }

        return group;
    }

    private async Task WriteGroupAsync(List<QueuedWrite> group)
    {
        var delay = TimeSpan.Zero;
        while (true)
        {
            group.RemoveAll(write => write.GaveUp(_stopping.Token));
            if (group.Count == 0)
            {
                return;
            }

            try
            {
                await WriteOnceAsync(group, isRepeated: delay > TimeSpan.Zero);
                stall.End();
                return;
            }
            catch (DbException e) when (StoreFault.MayPass(e))
            {
                stall.Begin(StoreFault.Describe(e));
                delay = TimeSpan.FromMilliseconds(Math.Clamp(delay.TotalMilliseconds * 2, 100, 2000));
                await Task.Delay(delay, time, _stopping.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            catch (Exception) when (group.Count > 1)
            {
                await WriteOneByOneAsync(group);
                return;
            }
            catch (Exception e)
            {
                group[0].Stored.TrySetException(e);
                return;
            }
        }
    }

    /// <summary>One batch that the store refuses must not take the others with it.</summary>
    private async Task WriteOneByOneAsync(List<QueuedWrite> group)
    {
        foreach (var write in group)
        {
            await WriteGroupAsync([write]);
        }
    }

    private async Task WriteOnceAsync(List<QueuedWrite> group, bool isRepeated)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await db.Database.OpenConnectionAsync(CancellationToken.None);
        var tables = OutputTables.For(db.Database.GetDbConnection());
        var accepted = await tables.WriteAsync([.. group.Select(write => write.Batch)], isRepeated);
        for (var i = 0; i < group.Count; i++)
        {
            if (accepted[i])
            {
                group[i].Stored.TrySetResult();
            }
            else
            {
                group[i].Stored.TrySetException(new ClaimLostException(group[i].Batch.JobId));
            }
        }
    }

    private sealed record QueuedWrite(OutputBatch Batch, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool GaveUp(CancellationToken stopping) =>
            (CancellationToken.IsCancellationRequested && Stored.TrySetCanceled(CancellationToken))
            || (stopping.IsCancellationRequested && Stored.TrySetCanceled(stopping));
    }
}

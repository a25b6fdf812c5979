using System.Data.Common;
using ContainerGroups.Host.Output.Masking;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>
/// Stores what one running job prints. The runner hands in the spool's bytes in order, from <see cref="AppendedOffset"/> on; they are
/// stored in the background, the first at once, later ones together. Memory is bounded: when the store is slower than
/// the program, <see cref="AppendAsync"/> waits, and the rest stays in the environment's spool.
/// <para>One caller at a time. Disposing gives up what is not stored yet: a later runner reads it again from the spool.</para>
/// </summary>
internal sealed class JobOutput : IAsyncDisposable
{
    /// <summary>How long bytes that follow a write wait for company.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _sync = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ISpoolParser _parser;
    private readonly SecretMasker? _masker;
    private readonly OutputWriteQueue _queue;
    private readonly OutputSignals _signals;
    private readonly TimeProvider _time;
    private readonly Task _storing;
    private readonly Signal _work = new();
    private readonly Signal _hurry = new();
    private readonly Signal _progress = new();
    private OutputBatch _batch;
    private long _stored;
    private int _known;
    private Exception? _failure;
    private bool _completed;

    /// <param name="batch">The first batch, at the position that is stored.</param>
    /// <param name="parser">The form of the spool.</param>
    /// <param name="masker">Hides the job's secrets; null when it has none.</param>
    /// <param name="queue">Where batches are written.</param>
    /// <param name="signals">Told of what is stored.</param>
    /// <param name="time">The clock.</param>
    public JobOutput(
        OutputBatch batch, ISpoolParser parser, SecretMasker? masker, OutputWriteQueue queue, OutputSignals signals, TimeProvider time)
    {
        _batch = batch;
        _masker = masker;
        _parser = parser;
        _queue = queue;
        _signals = signals;
        _time = time;
        _stored = batch.Start.Spool;
        // A secret may lie across the point up to which an earlier runner stored: what stands before it is read again, and not stored again.
        // A project update is run anew: nothing of it is read again.
        _known = batch.ClaimEpoch is null ? 0 : (int)Math.Min(_stored, masker?.Context ?? 0);
        AppendedOffset = _stored - _known;
        _storing = Task.Run(StoreAllAsync);
    }

    /// <summary>Bytes of the spool that are stored: where a later runner goes on.</summary>
    public long SpoolOffset => Interlocked.Read(ref _stored);

    /// <summary>Bytes of the spool that were handed in: where this runner goes on reading after a lost connection.</summary>
    public long AppendedOffset { get; private set; }

    /// <summary>Hands in the next bytes of the spool. Returns when they need not be kept any longer, not yet when they are stored.</summary>
    /// <exception cref="ClaimLostException">Another runner has the job.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> spool, CancellationToken cancellationToken)
    {
        AppendedOffset += spool.Length;
        await TakeAsync(_masker?.Take(spool.Span) ?? spool, cancellationToken);
    }

    /// <summary>Hands final bytes to the parser: the cursor moves over nothing that it has not seen.</summary>
    private async ValueTask TakeAsync(ReadOnlyMemory<byte> final, CancellationToken cancellationToken)
    {
        var known = Math.Min(_known, final.Length);
        _known -= known;
        final = final[known..];
        while (!final.IsEmpty)
        {
            int taken;
            bool full;
            lock (_sync)
            {
                ThrowIfEnded();
                taken = _parser.Take(final.Span, _batch);
                full = _batch.IsFull;
            }

            final = final[taken..];
            _work.Set();
            if (full)
            {
                _hurry.Set();
                await WaitAsync(() => !_batch.IsFull, cancellationToken);
            }
        }
    }

    /// <summary>Returns when everything handed in is stored, as far as it is final.</summary>
    /// <exception cref="ClaimLostException">Another runner has the job.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        long target;
        lock (_sync)
        {
            target = _batch.SpoolEnd;
        }

        _work.Set();
        _hurry.Set();
        await WaitAsync(() => SpoolOffset >= target, cancellationToken);
    }

    /// <summary>The spool has ended and was handed in to its end: stores the rest, and marks the job's output as complete.</summary>
    /// <exception cref="ClaimLostException">Another runner has the job.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await TakeAsync(_masker?.Complete() ?? ReadOnlyMemory<byte>.Empty, cancellationToken);
        lock (_sync)
        {
            ThrowIfEnded();
            _parser.Complete(_batch);
            _batch.IsLast = true;
        }

        _work.Set();
        _hurry.Set();
        await WaitAsync(() => _completed, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _abandoned.CancelAsync();
        await _storing;
        _abandoned.Dispose();
    }

    private async Task StoreAllAsync()
    {
        try
        {
            while (!_completed)
            {
                await _work.WaitAsync(_abandoned.Token);
                if (await StoreAsync())
                {
                    await PauseAsync();
                }
            }
        }
        catch (Exception e)
        {
            lock (_sync)
            {
                _failure = e is OperationCanceledException ? new ObjectDisposedException(nameof(JobOutput)) : e;
            }

            _progress.Set();
        }
    }

    private async Task<bool> StoreAsync()
    {
        var batch = TakeBatch();
        if (batch is null)
        {
            return false;
        }

        await PrepareAsync(batch);
        await _queue.WriteAsync(batch, _abandoned.Token);
        Interlocked.Exchange(ref _stored, batch.SpoolEnd);
        lock (_sync)
        {
            _completed = batch.IsLast;
        }

        _progress.Set();
        _signals.Pulse(batch.JobId);
        return true;
    }

    private async Task PrepareAsync(OutputBatch batch)
    {
        while (true)
        {
            try
            {
                await _parser.PrepareAsync(batch, _abandoned.Token);
                return;
            }
            catch (DbException e) when (StoreFault.MayPass(e))
            {
                await Task.Delay(Pause, _time, _abandoned.Token);
            }
        }
    }

    private OutputBatch? TakeBatch()
    {
        OutputBatch batch;
        lock (_sync)
        {
            if (_batch.IsEmpty)
            {
                return null;
            }

            batch = _batch;
            batch.Seal();
            _batch = new OutputBatch(batch.JobId, batch.ClaimEpoch, batch.End, _queue.BatchLimit);
        }

        // The appender goes on filling the next batch while this one is written.
        _progress.Set();
        return batch;
    }

    private async Task PauseAsync()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token);
        await Task.WhenAny(Task.Delay(Pause, _time, ended.Token), _hurry.Task);
        await ended.CancelAsync();
        _hurry.Reset();
    }

    private async Task WaitAsync(Func<bool> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_sync)
            {
                if (reached())
                {
                    return;
                }

                ThrowIfFailed();
            }

            await _progress.WaitAsync(cancellationToken);
        }
    }

    private void ThrowIfEnded()
    {
        ThrowIfFailed();
        ObjectDisposedException.ThrowIf(_batch.IsLast || _completed, this);
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure is ClaimLostException lost ? new ClaimLostException(lost.JobId) : new IOException(_failure.Message, _failure);
        }
    }
}

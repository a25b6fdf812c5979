using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>What one transaction adds to a job: pieces of text, events, host summaries, and the cursors after them.</summary>
internal sealed class OutputBatch(long jobId, int? claimEpoch, OutputPosition start, int textLimit)
{
    /// <summary>Big enough to pack well, small enough that reading one line is quick and nothing lands on the large object heap.</summary>
    public const int ChunkBytes = 64 * 1024;

    private const int MaxEvents = 2_000;
    private const int SmallestBuffer = 1024;

    private readonly List<OutputChunk> _chunks = [];
    private readonly List<JobEvent> _events = [];
    private byte[] _buffer = [];
    private int _buffered;
    private OutputPosition _end = start;
    private long _lines = start.Lines;
    private long _eventBytes;

    public long JobId { get; } = jobId;

    /// <summary>The claim under which it is written; null for a project update, which is never taken over.</summary>
    public int? ClaimEpoch { get; } = claimEpoch;

    public OutputPosition Start { get; } = start;

    public OutputPosition End => _end with { Text = _end.Text + _buffered, Lines = _lines };

    public long SpoolEnd => _end.Spool;

    public IReadOnlyList<OutputChunk> Chunks => _chunks;

    public IReadOnlyList<JobEvent> Events => _events;

    /// <summary>How each host fared; null before the recap.</summary>
    public IReadOnlyList<JobHostSummary>? HostSummaries { get; set; }

    /// <summary>AWX's host_status_counts, a JSON object; null before the recap.</summary>
    public string? HostStatusCounts { get; set; }

    /// <summary>Whether tasks get the marks of what was run for them: once, when all events are there.</summary>
    public bool MarksTasks { get; set; }

    public int Plays { get; set; }

    public int Tasks { get; set; }

    /// <summary>Whether nothing follows it.</summary>
    public bool IsLast { get; set; }

    /// <summary>Bytes of memory that it stands for.</summary>
    public long Weight => End.Text - Start.Text + _eventBytes;

    /// <summary>Bytes of text that still fit.</summary>
    public int Room => (int)Math.Max(0, textLimit - (End.Text - Start.Text));

    public bool IsFull => Room == 0 || _events.Count >= MaxEvents || _eventBytes >= textLimit;

    public bool IsEmpty => End == Start && !IsLast;

    public void AdvanceSpool(long bytes) => _end = _end with { Spool = _end.Spool + bytes };

    public void AppendText(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            MakeRoom(text.Length);
            var part = text[..Math.Min(text.Length, _buffer.Length - _buffered)];
            part.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += part.Length;
            _lines += LineFeeds.Count(part);
            text = text[part.Length..];
            if (_buffered == ChunkBytes)
            {
                SealChunk();
            }
        }
    }

    /// <summary>Adds an event; gives it its job and its number.</summary>
    public void AppendEvent(JobEvent jobEvent)
    {
        _end = _end with { Counter = _end.Counter + 1 };
        jobEvent.JobId = JobId;
        jobEvent.Counter = _end.Counter;
        _events.Add(jobEvent);
        _eventBytes += jobEvent.EventData.Length + jobEvent.Stdout.Length;
    }

    /// <summary>Makes chunks of all text; called once, before it is written.</summary>
    public void Seal() => SealChunk();

    private void MakeRoom(int bytes)
    {
        if (_buffered + bytes > _buffer.Length && _buffer.Length < ChunkBytes)
        {
            var wanted = Math.Max(_buffered + bytes, Math.Max(SmallestBuffer, _buffer.Length * 2));
            Array.Resize(ref _buffer, Math.Min(wanted, ChunkBytes));
        }
    }

    private void SealChunk()
    {
        if (_buffered == 0)
        {
            return;
        }

        var text = _buffer.AsSpan(0, _buffered);
        var (data, compression) = ChunkCompression.Pack(text);
        _chunks.Add(new OutputChunk
        {
            JobId = JobId,
            OutputOffset = _end.Text,
            Length = _buffered,
            StartLine = _end.Lines,
            LineFeeds = (int)(_lines - _end.Lines),
            Data = data,
            Compression = compression,
        });
        _end = _end with { Text = _end.Text + _buffered, Lines = _lines };
        _buffered = 0;
    }
}

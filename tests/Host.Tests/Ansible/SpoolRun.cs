using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Ansible;

/// <summary>Feeds a spool to parsers and collects what would be stored.</summary>
internal sealed class SpoolRun(int batchLimit = OutputBatch.ChunkBytes)
{
    private const long JobId = 42;

    private readonly FakeClock _clock = new();
    private readonly List<byte> _text = [];
    private OutputPosition _position = new() { Spool = 0, Text = 0, Lines = 0, Counter = 0 };

    public List<JobEvent> Events { get; } = [];

    public List<JobHostSummary> Summaries { get; } = [];

    public string? HostStatusCounts { get; private set; }

    public int Plays { get; private set; }

    public int Tasks { get; private set; }

    public byte[] Text => [.. _text];

    public OutputPosition Position => _position;

    /// <summary>Hands in pieces until <paramref name="end"/>, cut at the given places, and forgets what is not final then: as a killed host does.</summary>
    public SpoolRun Feed(byte[] spool, IEnumerable<int> cuts, int? end = null)
    {
        var parser = NewParser();
        var position = (int)_position.Spool;
        var batch = NewBatch();
        foreach (var cut in cuts.Where(c => c > position && c < (end ?? spool.Length)).Append(end ?? spool.Length).Order())
        {
            batch = Take(parser, spool.AsSpan(position, cut - position), batch);
            position = cut;
        }

        if (end is null)
        {
            parser.Complete(batch);
        }

        Store(batch);
        return this;
    }

    private OutputBatch Take(EventSpoolParser parser, ReadOnlySpan<byte> piece, OutputBatch batch)
    {
        while (!piece.IsEmpty)
        {
            piece = piece[parser.Take(piece, batch)..];
            if (batch.IsFull)
            {
                Store(batch);
                batch = NewBatch();
            }
        }

        return batch;
    }

    private void Store(OutputBatch batch)
    {
        batch.Seal();
        foreach (var chunk in batch.Chunks)
        {
            Assert.That(chunk.OutputOffset, Is.EqualTo(_text.Count));
            _text.AddRange(ChunkCompression.Unpack(chunk.Data, chunk.Compression, chunk.Length));
        }

        Events.AddRange(batch.Events);
        Summaries.AddRange(batch.HostSummaries ?? []);
        HostStatusCounts = batch.HostStatusCounts ?? HostStatusCounts;
        Plays += batch.Plays;
        Tasks += batch.Tasks;
        _position = batch.End;
    }

    private EventSpoolParser NewParser() => new(new InventoryHostIds(null!, inventoryId: null), _clock);

    private OutputBatch NewBatch() => new(JobId, 1, _position, batchLimit);
}

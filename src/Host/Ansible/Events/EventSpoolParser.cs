using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>
/// For <c>ansible-runner run --json</c>: each line is an event or something that was printed beside them. The text is what the events
/// printed. Numbers and lines are counted here and not taken over: the runner counts also what it doesn't print.
/// </summary>
/// <param name="hosts">The rows of hosts.</param>
/// <param name="time">For what comes without its moment.</param>
/// <param name="summarizesHosts">Whether the recap becomes summaries by host; an ad hoc command has none, and is no host's last job, as in AWX.</param>
internal sealed class EventSpoolParser(InventoryHostIds hosts, TimeProvider time, bool summarizesHosts = true) : ISpoolParser
{
    /// <summary>The longest event that is read; what is longer is kept as the text that it is, in pieces.</summary>
    private const int LongestEvent = 64 * 1024 * 1024;

    /// <summary>The longest line that is no event.</summary>
    private const int LongestText = 1024 * 1024;

    private const byte LineFeed = (byte)'\n';

    private ArrayBufferWriter<byte> _line = new();

    public int Take(ReadOnlySpan<byte> spool, OutputBatch batch)
    {
        var taken = 0;
        while (taken < spool.Length && !batch.IsFull)
        {
            taken += TakeLine(spool[taken..], batch);
        }

        return taken;
    }

    public void Complete(OutputBatch batch)
    {
        if (_line.WrittenCount > 0)
        {
            EndLine(batch, _line.WrittenSpan, _line.WrittenCount);
        }

        batch.MarksTasks = true;
    }

    public ValueTask PrepareAsync(OutputBatch batch, CancellationToken cancellationToken) => hosts.FillAsync(batch, cancellationToken);

    /// <summary>Takes up to the end of the line, or all; the decision where a line ends depends on the line alone, not on how it arrived.</summary>
    private int TakeLine(ReadOnlySpan<byte> spool, OutputBatch batch)
    {
        var kept = _line.WrittenCount;
        var limit = (kept > 0 ? _line.WrittenSpan[0] : spool[0]) == (byte)'{' ? LongestEvent : LongestText;
        var window = spool[..(int)Math.Min(spool.Length, (long)limit - kept + 1)];
        var end = window.IndexOf(LineFeed);
        if (end < 0 && kept + window.Length <= limit)
        {
            _line.Write(window);
            return window.Length;
        }

        var content = end < 0 ? window[..(limit - kept)] : window[..end];
        var taken = end < 0 ? content.Length : end + 1;
        if (kept == 0)
        {
            EndLine(batch, content, taken);
        }
        else
        {
            _line.Write(content);
            EndLine(batch, _line.WrittenSpan, kept + taken);
        }

        return taken;
    }

    private void EndLine(OutputBatch batch, ReadOnlySpan<byte> line, int spoolBytes)
    {
        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        if (EventLine.TryParse(line) is { } parsed)
        {
            AppendEvent(batch, parsed);
        }
        else
        {
            AppendPrinted(batch, line);
        }

        batch.AdvanceSpool(spoolBytes);
        Forget();
    }

    private void Forget()
    {
        if (_line.Capacity > LongestText)
        {
            _line = new ArrayBufferWriter<byte>();
        }
        else
        {
            _line.ResetWrittenCount();
        }
    }

    private void AppendEvent(OutputBatch batch, EventLine line)
    {
        var start = batch.End.Lines;
        AppendText(batch, line.Stdout.Span);
        var created = line.Created ?? time.GetUtcNow().UtcDateTime;
        var row = JobEvents.From(line, created);
        row.StartLine = start;
        row.EndLine = batch.End.Lines;
        batch.Plays += line.Event == JobEvents.PlayStart ? 1 : 0;
        batch.Tasks += line.Event == JobEvents.TaskStart ? 1 : 0;
        if (line.Event == JobEvents.Stats)
        {
            var stats = new PlaybookStats(line.Fields.Counts);
            batch.HostSummaries = summarizesHosts ? stats.Summaries(batch.JobId, created) : null;
            batch.HostStatusCounts = stats.StatusCounts();
        }

        batch.AppendEvent(row);
    }

    /// <summary>Something printed that is no event becomes one, as in AWX: its id derives from its place, so that it has the same each time.</summary>
    private void AppendPrinted(OutputBatch batch, ReadOnlySpan<byte> line)
    {
        var start = batch.End.Lines;
        batch.AppendText(line);
        batch.AppendText("\n"u8);
        batch.AppendEvent(new JobEvent
        {
            Event = JobEvents.Verbose,
            Uuid = PlaceUuid(batch.JobId, batch.SpoolEnd),
            Created = time.GetUtcNow().UtcDateTime,
            Stdout = JsonText.ToStorable(line),
            StartLine = start,
            EndLine = batch.End.Lines,
        });
    }

    /// <summary>The text of an event: its lines end as in a file, and its last line ends too; an event that printed nothing adds nothing.</summary>
    private static void AppendText(OutputBatch batch, ReadOnlySpan<byte> stdout)
    {
        if (stdout.IsEmpty)
        {
            return;
        }

        for (var cr = stdout.IndexOf("\r\n"u8); cr >= 0; cr = stdout.IndexOf("\r\n"u8))
        {
            batch.AppendText(stdout[..cr]);
            stdout = stdout[(cr + 1)..];
        }

        batch.AppendText(stdout);
        batch.AppendText("\n"u8);
    }

    private static string PlaceUuid(long jobId, long spoolOffset)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{jobId}:{spoolOffset}");
        return new Guid(SHA256.HashData(Encoding.ASCII.GetBytes(place)).AsSpan(0, 16)).ToString();
    }
}

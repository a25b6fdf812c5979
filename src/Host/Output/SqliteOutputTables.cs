using ContainerGroups.Host.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Host.Output;

/// <summary>Prepared statements in one immediate transaction.</summary>
internal sealed class SqliteOutputTables(SqliteConnection connection) : OutputTables
{
    public override Task<bool[]> WriteAsync(IReadOnlyList<OutputBatch> batches, bool isRepeated)
    {
        // SQLite's calls are synchronous whatever their names; this runs on the write queue's own thread.
        using var transaction = connection.BeginTransaction(deferred: false);
        var accepted = batches.Select(batch => MoveCursors(batch, isRepeated)).ToArray();
        var mine = batches.Where((_, i) => accepted[i] == Outcome.Moved).ToArray();
        InsertChunks(mine);
        InsertEvents(mine);
        foreach (var batch in mine.Where(b => b.HostSummaries is not null))
        {
            InsertSummaries(batch);
        }

        foreach (var batch in mine.Where(b => b.MarksTasks))
        {
            Mark(batch);
        }

        transaction.Commit();
        return Task.FromResult(accepted.Select(outcome => outcome != Outcome.Refused).ToArray());
    }

    private Outcome MoveCursors(OutputBatch batch, bool isRepeated)
    {
        using var command = connection.CreateCommand();
        command.CommandText = batch.ClaimEpoch is null ? UpdateCursors : JobCursors;
        BindCursors(command, batch);
        if (command.ExecuteNonQuery() == 1)
        {
            return Outcome.Moved;
        }

        command.CommandText = AlreadyStored;
        return isRepeated && Convert.ToInt64(command.ExecuteScalar(), null) == 1 ? Outcome.StoredBefore : Outcome.Refused;
    }

    private static void BindCursors(SqliteCommand command, OutputBatch batch)
    {
        Bind(command, "@id", batch.JobId);
        Bind(command, "@epoch", batch.ClaimEpoch);
        Bind(command, "@spool", batch.End.Spool);
        Bind(command, "@text", batch.End.Text);
        Bind(command, "@lines", batch.End.Lines);
        Bind(command, "@plays", batch.Plays);
        Bind(command, "@tasks", batch.Tasks);
        Bind(command, "@counts", batch.HostStatusCounts);
        Bind(command, "@fromSpool", batch.Start.Spool);
        Bind(command, "@fromText", batch.Start.Text);
    }

    private void InsertChunks(OutputBatch[] batches)
    {
        using var insert = new SqliteInsert(connection, "OutputChunks", ChunkColumns);
        foreach (var chunk in batches.SelectMany(batch => batch.Chunks))
        {
            insert.Add(chunk.JobId).Add(chunk.OutputOffset).Add(chunk.Length).Add(chunk.StartLine).Add(chunk.LineFeeds)
                .Add(chunk.Data).Add(chunk.Compression).Run();
        }
    }

    private void InsertEvents(OutputBatch[] batches)
    {
        using var insert = new SqliteInsert(connection, "JobEvents", EventColumns);
        foreach (var e in batches.SelectMany(batch => batch.Events))
        {
            insert.Add(e.JobId).Add(e.Created).Add(e.Counter).Add(e.Uuid).Add(e.ParentUuid).Add(e.Event).Add(e.EventData)
                .Add(e.Failed).Add(e.Changed).Add(e.Playbook).Add(e.Play).Add(e.Task).Add(e.Role).Add(e.HostName).Add(e.HostId)
                .Add(e.Stdout).Add(e.StartLine).Add(e.EndLine).Add(e.Verbosity).Add(e.DurationSeconds).Run();
        }
    }

    private void InsertSummaries(OutputBatch batch)
    {
        using var insert = new SqliteInsert(connection, "JobHostSummaries", SummaryColumns, OnePerHost);
        foreach (var s in batch.HostSummaries!)
        {
            insert.Add(s.JobId).Add(s.HostId).Add(s.HostName).Add(s.Created).Add(s.Changed).Add(s.Dark).Add(s.Failures).Add(s.Ok)
                .Add(s.Processed).Add(s.Skipped).Add(s.Ignored).Add(s.Rescued).Add(s.Failed).Run();
            if (s.HostId is { } host)
            {
                MarkHostRow(s, host);
            }
        }
    }

    private void MarkHostRow(JobHostSummary summary, long host)
    {
        using var mark = connection.CreateCommand();
        mark.CommandText = MarkHost;
        Bind(mark, "@id", summary.JobId);
        Bind(mark, "@failed", summary.Failed);
        Bind(mark, "@host", host);
        mark.ExecuteNonQuery();
    }

    private void Mark(OutputBatch batch)
    {
        using var tasks = connection.CreateCommand();
        tasks.CommandText = MarkTasks;
        Bind(tasks, "@id", batch.JobId);
        tasks.ExecuteNonQuery();
    }

    private static void Bind(SqliteCommand command, string name, object? value) =>
        command.Parameters.AddWithValue(name, value ?? DBNull.Value);

    private enum Outcome
    {
        Moved,
        StoredBefore,
        Refused,
    }
}

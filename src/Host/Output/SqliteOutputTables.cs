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
        Bind(command, "@last", batch.IsLast);
        Bind(command, "@plays", batch.Plays);
        Bind(command, "@tasks", batch.Tasks);
        Bind(command, "@counts", batch.HostStatusCounts);
        Bind(command, "@fromSpool", batch.Start.Spool);
        Bind(command, "@fromText", batch.Start.Text);
    }

    private void InsertChunks(OutputBatch[] batches)
    {
        using var insert = Prepare("OutputChunks", ChunkColumns, 7);
        foreach (var chunk in batches.SelectMany(batch => batch.Chunks))
        {
            Run(insert, chunk.JobId, chunk.OutputOffset, chunk.Length, chunk.StartLine, chunk.LineFeeds, chunk.Data, chunk.Compression);
        }
    }

    private void InsertEvents(OutputBatch[] batches)
    {
        using var insert = Prepare("JobEvents", EventColumns, 20);
        foreach (var e in batches.SelectMany(batch => batch.Events))
        {
            Run(
                insert, e.JobId, e.Created, e.Counter, e.Uuid, e.ParentUuid, e.Event, e.EventData, e.Failed, e.Changed, e.Playbook, e.Play, e.Task,
                e.Role, e.HostName, e.HostId, e.Stdout, e.StartLine, e.EndLine, e.Verbosity, e.DurationSeconds);
        }
    }

    private void InsertSummaries(OutputBatch batch)
    {
        using var insert = Prepare("JobHostSummaries", SummaryColumns, 13);
        insert.CommandText += OnePerHost;
        using var mark = connection.CreateCommand();
        mark.CommandText = MarkHost;
        foreach (var s in batch.HostSummaries!)
        {
            Run(
                insert, s.JobId, s.HostId, s.HostName, s.Created, s.Changed, s.Dark, s.Failures, s.Ok, s.Processed, s.Skipped, s.Ignored, s.Rescued,
                s.Failed);
            if (s.HostId is not null)
            {
                mark.Parameters.Clear();
                Bind(mark, "@id", s.JobId);
                Bind(mark, "@failed", s.Failed);
                Bind(mark, "@host", s.HostId);
                mark.ExecuteNonQuery();
            }
        }

        using var parents = connection.CreateCommand();
        parents.CommandText = MarkParents;
        Bind(parents, "@id", batch.JobId);
        parents.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string table, string columns, int count)
    {
        var command = connection.CreateCommand();
        var names = Enumerable.Range(0, count).Select(i => $"@p{i}").ToArray();
        command.CommandText = $"INSERT INTO \"{table}\" ({columns}) VALUES ({string.Join(", ", names)})";
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Run(SqliteCommand insert, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        insert.ExecuteNonQuery();
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

using ContainerGroups.Host.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ContainerGroups.Host.Output;

/// <summary>One batch for the cursors, one binary copy per table.</summary>
internal sealed class PostgresOutputTables(NpgsqlConnection connection) : OutputTables
{
    private const int SummaryValueCount = 13;

    public override async Task<bool[]> WriteAsync(IReadOnlyList<OutputBatch> batches, bool isRepeated)
    {
        // Rows are locked in the order of their ids, so that two writers never wait for each other in a circle.
        var ordered = batches.OrderBy(batch => batch.JobId).ToArray();
        await using var transaction = await connection.BeginTransactionAsync();
        var moved = await MoveCursorsAsync(ordered);
        var mine = ordered.Where(moved.Contains).ToArray();
        await CopyChunksAsync(mine);
        await CopyEventsAsync(mine);
        await InsertSummariesAsync([.. mine.Where(batch => batch.HostSummaries is not null)]);
        await MarkTasksAsync([.. mine.Where(batch => batch.MarksTasks)]);
        var accepted = new bool[batches.Count];
        for (var i = 0; i < batches.Count; i++)
        {
            accepted[i] = moved.Contains(batches[i]) || (isRepeated && await IsStoredAsync(batches[i]));
        }

        await transaction.CommitAsync();
        return accepted;
    }

    private async Task<HashSet<OutputBatch>> MoveCursorsAsync(OutputBatch[] batches)
    {
        await using var commands = new NpgsqlBatch(connection);
        foreach (var batch in batches)
        {
            var command = new NpgsqlBatchCommand(batch.ClaimEpoch is null ? UpdateCursors : JobCursors);
            BindCursors(command.Parameters, batch);
            commands.BatchCommands.Add(command);
        }

        await commands.ExecuteNonQueryAsync();
        return [.. batches.Where((_, i) => commands.BatchCommands[i].RecordsAffected == 1)];
    }

    private async Task<bool> IsStoredAsync(OutputBatch batch)
    {
        await using var command = new NpgsqlCommand(AlreadyStored, connection);
        BindCursors(command.Parameters, batch);
        return (long)(await command.ExecuteScalarAsync())! == 1;
    }

    private static void BindCursors(NpgsqlParameterCollection parameters, OutputBatch batch)
    {
        parameters.AddWithValue("id", NpgsqlDbType.Bigint, batch.JobId);
        parameters.AddWithValue("epoch", NpgsqlDbType.Integer, (object?)batch.ClaimEpoch ?? DBNull.Value);
        parameters.AddWithValue("spool", NpgsqlDbType.Bigint, batch.End.Spool);
        parameters.AddWithValue("text", NpgsqlDbType.Bigint, batch.End.Text);
        parameters.AddWithValue("lines", NpgsqlDbType.Bigint, batch.End.Lines);
        parameters.AddWithValue("plays", NpgsqlDbType.Integer, batch.Plays);
        parameters.AddWithValue("tasks", NpgsqlDbType.Integer, batch.Tasks);
        parameters.AddWithValue("counts", NpgsqlDbType.Text, (object?)batch.HostStatusCounts ?? DBNull.Value);
        parameters.AddWithValue("fromSpool", NpgsqlDbType.Bigint, batch.Start.Spool);
        parameters.AddWithValue("fromText", NpgsqlDbType.Bigint, batch.Start.Text);
    }

    private async Task CopyChunksAsync(OutputBatch[] batches)
    {
        if (batches.All(batch => batch.Chunks.Count == 0))
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync($"COPY \"OutputChunks\" ({ChunkColumns}) FROM STDIN (FORMAT BINARY)");
        foreach (var chunk in batches.SelectMany(batch => batch.Chunks))
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(chunk.JobId, NpgsqlDbType.Bigint);
            await copy.WriteAsync(chunk.OutputOffset, NpgsqlDbType.Bigint);
            await copy.WriteAsync(chunk.Length, NpgsqlDbType.Integer);
            await copy.WriteAsync(chunk.StartLine, NpgsqlDbType.Bigint);
            await copy.WriteAsync(chunk.LineFeeds, NpgsqlDbType.Integer);
            await copy.WriteAsync(chunk.Data, NpgsqlDbType.Bytea);
            await copy.WriteAsync(chunk.Compression, NpgsqlDbType.Smallint);
        }

        await copy.CompleteAsync();
    }

    private async Task CopyEventsAsync(OutputBatch[] batches)
    {
        if (batches.All(batch => batch.Events.Count == 0))
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync($"COPY \"JobEvents\" ({EventColumns}) FROM STDIN (FORMAT BINARY)");
        foreach (var jobEvent in batches.SelectMany(batch => batch.Events))
        {
            await CopyAsync(copy, jobEvent);
        }

        await copy.CompleteAsync();
    }

    private static async Task CopyAsync(NpgsqlBinaryImporter copy, JobEvent e)
    {
        await copy.StartRowAsync();
        await copy.WriteAsync(e.JobId, NpgsqlDbType.Bigint);
        await copy.WriteAsync(e.Created, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(e.Counter, NpgsqlDbType.Integer);
        foreach (var text in (ReadOnlySpan<string>)[e.Uuid, e.ParentUuid, e.Event, e.EventData])
        {
            copy.Write(text, NpgsqlDbType.Text);
        }

        await copy.WriteAsync(e.Failed, NpgsqlDbType.Boolean);
        await copy.WriteAsync(e.Changed, NpgsqlDbType.Boolean);
        foreach (var text in (ReadOnlySpan<string>)[e.Playbook, e.Play, e.Task, e.Role, e.HostName])
        {
            copy.Write(text, NpgsqlDbType.Text);
        }

        await copy.WriteAsync(e.HostId, NpgsqlDbType.Bigint);
        await copy.WriteAsync(e.Stdout, NpgsqlDbType.Text);
        await copy.WriteAsync(e.StartLine, NpgsqlDbType.Bigint);
        await copy.WriteAsync(e.EndLine, NpgsqlDbType.Bigint);
        await copy.WriteAsync(e.Verbosity, NpgsqlDbType.Integer);
        await copy.WriteAsync(e.DurationSeconds, NpgsqlDbType.Double);
    }

    private async Task InsertSummariesAsync(OutputBatch[] batches)
    {
        foreach (var batch in batches)
        {
            await InsertSummariesAsync(batch.HostSummaries!);
            await MarkHostsAsync(batch);
        }
    }

    private async Task InsertSummariesAsync(IReadOnlyList<JobHostSummary> summaries)
    {
        await using var commands = new NpgsqlBatch(connection);
        var places = string.Join(", ", Enumerable.Range(1, SummaryValueCount).Select(i => $"${i}"));
        foreach (var s in summaries)
        {
            var insert = new NpgsqlBatchCommand($"INSERT INTO \"JobHostSummaries\" ({SummaryColumns}) VALUES ({places}){OnePerHost}");
            insert.Parameters.Add(new() { Value = s.JobId });
            insert.Parameters.Add(new() { Value = (object?)s.HostId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            insert.Parameters.Add(new() { Value = s.HostName });
            insert.Parameters.Add(new() { Value = s.Created });
            foreach (var number in (int[])[s.Changed, s.Dark, s.Failures, s.Ok, s.Processed, s.Skipped, s.Ignored, s.Rescued])
            {
                insert.Parameters.Add(new() { Value = number });
            }

            insert.Parameters.Add(new() { Value = s.Failed });
            commands.BatchCommands.Add(insert);
        }

        if (commands.BatchCommands.Count > 0)
        {
            await commands.ExecuteNonQueryAsync();
        }
    }

    private async Task MarkHostsAsync(OutputBatch batch)
    {
        await using var commands = new NpgsqlBatch(connection);
        // In the order of their ids, as every writer does.
        foreach (var summary in batch.HostSummaries!.Where(s => s.HostId is not null).OrderBy(s => s.HostId))
        {
            var host = new NpgsqlBatchCommand(MarkHost);
            host.Parameters.AddWithValue("id", batch.JobId);
            host.Parameters.AddWithValue("failed", summary.Failed);
            host.Parameters.AddWithValue("host", summary.HostId!.Value);
            commands.BatchCommands.Add(host);
        }

        if (commands.BatchCommands.Count > 0)
        {
            await commands.ExecuteNonQueryAsync();
        }
    }

    private async Task MarkTasksAsync(OutputBatch[] batches)
    {
        foreach (var batch in batches)
        {
            await using var command = new NpgsqlCommand(MarkTasks, connection);
            command.Parameters.AddWithValue("id", batch.JobId);
            await command.ExecuteNonQueryAsync();
        }
    }
}

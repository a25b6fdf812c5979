using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ContainerGroups.Host.Output;

/// <summary>
/// The raw inserts of output: EF's cost per row is many times that of the row, and this is the server's widest path.
/// Column names are those of <see cref="Storage.AppModel"/>; the integration tests read back through it.
/// </summary>
internal abstract class OutputTables
{
    protected const string JobCursors = """
        UPDATE "UnifiedJobs" SET "SpoolOffset" = @spool, "OutputOffset" = @text, "OutputLines" = @lines,
            "PlayCount" = "PlayCount" + @plays, "TaskCount" = "TaskCount" + @tasks,
            "HostStatusCounts" = COALESCE(@counts, "HostStatusCounts")
        WHERE "Id" = @id AND "ClaimEpoch" = @epoch AND "SpoolOffset" = @fromSpool AND "OutputOffset" = @fromText
        """;

    /// <summary>A project update runs inside the host: it has no spool and no claim, only text.</summary>
    protected const string UpdateCursors = """
        UPDATE "UnifiedJobs" SET "OutputOffset" = @text, "OutputLines" = @lines
        WHERE "Id" = @id AND "OutputOffset" = @fromText
        """;

    /// <summary>Finds a batch whose commit arrived though its answer was lost: repeating it must not look like a lost claim.</summary>
    protected const string AlreadyStored = """
        SELECT COUNT(*) FROM "UnifiedJobs"
        WHERE "Id" = @id AND (@epoch IS NULL OR "ClaimEpoch" = @epoch AND "SpoolOffset" = @spool) AND "OutputOffset" = @text
        """;

    /// <summary>As AWX: what failed or changed on a host shows on the task that was run there.</summary>
    protected const string MarkTasks = """
        UPDATE "JobEvents" SET "Changed" = TRUE WHERE "JobId" = @id AND "Uuid" IN
            (SELECT "ParentUuid" FROM "JobEvents" WHERE "JobId" = @id AND "Changed" AND "ParentUuid" <> '');
        UPDATE "JobEvents" SET "Failed" = TRUE WHERE "JobId" = @id AND "Uuid" IN
            (SELECT "ParentUuid" FROM "JobEvents" WHERE "JobId" = @id AND "Failed" AND "ParentUuid" <> '');
        """;

    protected const string MarkHost = """
        UPDATE "Hosts" SET "LastJobId" = @id, "HasActiveFailures" = @failed WHERE "Id" = @host
        """;

    protected const string EventColumns = """
        "JobId", "Created", "Counter", "Uuid", "ParentUuid", "Event", "EventData", "Failed", "Changed", "Playbook", "Play", "Task",
        "Role", "HostName", "HostId", "Stdout", "StartLine", "EndLine", "Verbosity", "DurationSeconds"
        """;

    protected const string ChunkColumns = """
        "JobId", "OutputOffset", "Length", "StartLine", "LineFeeds", "Data", "Compression"
        """;

    protected const string SummaryColumns = """
        "JobId", "HostId", "HostName", "Created", "Changed", "Dark", "Failures", "Ok", "Processed", "Skipped", "Ignored", "Rescued", "Failed"
        """;

    /// <summary>A run has one recap; what looks like a second one was forged by what ran in it.</summary>
    protected const string OnePerHost = " ON CONFLICT (\"JobId\", \"HostName\") DO NOTHING";

    public static OutputTables For(DbConnection connection) => connection switch
    {
        SqliteConnection sqlite => new SqliteOutputTables(sqlite),
        NpgsqlConnection postgres => new PostgresOutputTables(postgres),
        _ => throw new NotSupportedException($"Output can't be written through a {connection.GetType().Name}."),
    };

    /// <summary>Stores the batches in one transaction; says of each whether its job still had the batch's claim and position. A batch
    /// that had not leaves nothing.</summary>
    /// <param name="batches">At most one of each job.</param>
    /// <param name="isRepeated">Whether an earlier try ended without an answer, so that it may have been stored then.</param>
    public abstract Task<bool[]> WriteAsync(IReadOnlyList<OutputBatch> batches, bool isRepeated);
}

using ContainerGroups.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Benchmarks;

/// <summary>Many finished jobs with five events each, made inside the database from one of each.</summary>
internal static class ODataRows
{
    public static async Task InsertAsync(SqliteConnection connection, int jobs)
    {
        await using (var db = new AppDb(new DbContextOptionsBuilder<AppDb>().UseSqlite(connection).Options))
        {
            var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            db.AddRange(Enumerable.Range(1, 20).Select(i => new JobTemplate { Id = i, Name = $"template {i}", Created = at, Modified = at }));
            var job = new Job { Id = 1, Name = "seed", Created = at, Modified = at, Started = at, Finished = at, JobTemplateId = 1, EventProcessingFinished = true };
            job.Events.Add(new JobEvent { Id = 1, Created = at, Counter = 1, Event = "runner_on_ok", Task = "Install the package", HostName = "web1", Stdout = "ok: [web1]" });
            db.Add(job);
            await db.SaveChangesAsync();
        }

        const string moment = "strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || (n * 37) || ' seconds')";
        await CopyAsync(connection, "UnifiedJobs", 2, jobs, new Dictionary<string, string>
        {
            ["Id"] = "n",
            ["Name"] = "'job ' || (n % 1000)",
            ["Status"] = "CASE n % 10 WHEN 0 THEN 'failed' WHEN 1 THEN 'error' ELSE 'successful' END",
            ["Failed"] = "n % 10 < 2",
            ["JobTemplateId"] = "1 + n % 20",
            ["ElapsedSeconds"] = "(n % 997) / 4.0",
            ["Created"] = moment,
            ["Started"] = moment,
            ["Finished"] = moment,
        });
        await CopyAsync(connection, "JobEvents", 2, jobs * 5, new Dictionary<string, string>
        {
            ["Id"] = "n",
            ["JobId"] = "1 + (n - 1) / 5",
            ["Counter"] = "1 + (n - 1) % 5",
            ["DurationSeconds"] = "(n % 91) / 8.0",
        });
        await ExecuteAsync(connection, "ANALYZE");
    }

    private static async Task CopyAsync(SqliteConnection connection, string table, int from, int to, Dictionary<string, string> values)
    {
        var columns = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM pragma_table_info($table)";
            command.Parameters.AddWithValue("$table", table);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                columns.Add(reader.GetString(0));
            }
        }

        var selected = columns.Select(column => values.GetValueOrDefault(column, $"s.\"{column}\""));
        await ExecuteAsync(connection, $"""
            WITH RECURSIVE numbers(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})
            INSERT INTO "{table}" ({string.Join(',', columns.Select(column => $"\"{column}\""))})
            SELECT {string.Join(',', selected)} FROM numbers, (SELECT * FROM "{table}" WHERE "Id" = 1) s
            """);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}

using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Benchmarks;

/// <summary>OData on SQLite, each answer over HTTP beside the same rows by hand-written SQL and JSON, in turns.</summary>
internal static class ODataBenchmark
{
    public const int Jobs = 1_000_000;

    private const int Rounds = 15;

    private const string Columns = "\"Id\",\"Name\",\"Status\",\"Failed\",\"Created\",\"Started\",\"Finished\",\"ElapsedSeconds\",\"JobTemplateId\",\"LaunchType\",\"Forks\",\"Limit\"";

    public static async Task RunAsync(int jobs)
    {
        await using var server = await BenchServer.StartAsync();
        server.Http.Timeout = TimeSpan.FromMinutes(10);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataDirectory, "containergroups.db")}");
        await connection.OpenAsync();
        var insert = Stopwatch.StartNew();
        await ODataRows.InsertAsync(connection, jobs);
        Console.WriteLine($"{jobs} jobs, {jobs * 5} events inserted in {insert.Elapsed.TotalSeconds:F0} s");

        var select = "$select=" + Columns.Replace("\"", "", StringComparison.Ordinal);
        await CompareAsync(server, connection, "page of 1,000, filter and order (<= 2)", $"Jobs?{select}&$filter=Failed and ElapsedSeconds gt 10&$orderby=Id desc",
            $"SELECT {Columns} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Failed\" AND \"ElapsedSeconds\" > 10 ORDER BY \"Id\" DESC LIMIT 1001");
        await CompareAsync(server, connection, "deep page by its link (<= 2)", await DeepAsync(server, select, jobs / 2),
            $"SELECT {Columns} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Id\" > {jobs / 2 + 1} ORDER BY \"Id\" LIMIT 1001");
        await CompareAsync(server, connection, "$count of a filter (<= 1.3)", "Jobs/$count?$filter=Failed",
            "SELECT COUNT(*) FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Failed\"", rounds: 5);
        await CompareAsync(server, connection, "by template and day (<= 1.3)",
            "Jobs?$apply=compute(date(Created) as Day)/groupby((JobTemplateId,Day),aggregate($count as N,ElapsedSeconds with average as Mean))&$top=1000",
            "SELECT \"JobTemplateId\", date(\"Created\") AS d, COUNT(*), AVG(\"ElapsedSeconds\") FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000", rounds: 3);
        await CompareAsync(server, connection, "50 jobs with their last events (<= 2)",
            "Jobs?$select=Id,Name&$orderby=Id desc&$top=50&$expand=Events($orderby=Counter desc;$top=3;$select=Event,Task,HostName,Stdout)",
            """
            SELECT j."Id", j."Name", e."Event", e."Task", e."HostName", e."Stdout" FROM (SELECT "Id", "Name" FROM "UnifiedJobs" WHERE "Type" = 'job' ORDER BY "Id" DESC LIMIT 50) j
            JOIN "JobEvents" e ON e."JobId" = j."Id" AND e."Counter" > 2 ORDER BY j."Id" DESC, e."Counter" DESC
            """);
        await StreamAsync(server, jobs);
    }

    /// <summary>A link to the page in the middle, from the page before it.</summary>
    private static async Task<string> DeepAsync(BenchServer server, string select, int skip)
    {
        var page = await server.GetAsync(Url($"Jobs?{select}&$orderby=Id&$filter=Id gt {skip - 1000}"));
        return new Uri((string)page["@odata.nextLink"]!).PathAndQuery;
    }

    private static string Url(string url) => url.StartsWith('/') ? url : "/odata/" + url;

    private static async Task CompareAsync(BenchServer server, SqliteConnection connection, string what, string url, string sql, int rounds = Rounds)
    {
        var (asked, byHand) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds + 2; round++)
        {
            var first = Stopwatch.StartNew();
            await server.Http.GetByteArrayAsync(Url(url));
            first.Stop();
            var second = Stopwatch.StartNew();
            await ByHandAsync(connection, sql);
            second.Stop();
            if (round >= 2)
            {
                asked.Add(first.Elapsed.TotalMilliseconds);
                byHand.Add(second.Elapsed.TotalMilliseconds);
            }
        }

        var (one, other) = (new Figures(asked), new Figures(byHand));
        Console.WriteLine($"{what}: {one.Median / other.Median:F2} x; OData {one} ms, by hand {other} ms");
    }

    private static async Task ByHandAsync(SqliteConnection connection, string sql)
    {
        using var stream = new MemoryStream();
        await using var json = new Utf8JsonWriter(stream);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        json.WriteStartArray();
        while (await reader.ReadAsync())
        {
            json.WriteStartObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                json.WritePropertyName(reader.GetName(i));
                JsonSerializer.Serialize(json, reader.IsDBNull(i) ? null : reader.GetValue(i));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static async Task StreamAsync(BenchServer server, int jobs)
    {
        var before = server.Memory.Private;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/Jobs?$select=Id,Name,Status,Created,ElapsedSeconds");
        request.Headers.Add("Prefer", $"odata.maxpagesize={jobs}");
        var watch = Stopwatch.StartNew();
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        var (length, most) = (0L, 0L);
        for (int read, i = 0; (read = await stream.ReadAsync(buffer)) > 0; i++)
        {
            length += read;
            most = i % 64 == 0 ? Math.Max(most, server.Memory.Private) : most;
        }

        Console.WriteLine($"{jobs} rows in one answer: {length / 1e6:F0} MB in {watch.Elapsed.TotalSeconds:F1} s; private memory {before / 1e6:F0} MB before, at most {most / 1e6:F0} MB");
    }
}

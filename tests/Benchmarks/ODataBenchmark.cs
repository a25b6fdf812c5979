using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Benchmarks;

/// <summary>OData on SQLite, each answer beside the same rows by hand-written SQL and JSON, both over HTTPS, in turns.</summary>
internal static class ODataBenchmark
{
    public const int Jobs = 1_000_000;

    private const string Columns = "\"Id\",\"Name\",\"Status\",\"Failed\",\"Created\",\"Started\",\"Finished\",\"ElapsedSeconds\",\"JobTemplateId\",\"LaunchType\",\"Forks\",\"Limit\"";

    private const string Streamed = "\"Id\",\"Name\",\"Status\",\"Created\",\"ElapsedSeconds\"";

    // Long enough for both sides to be compiled as well as they ever will be.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(int jobs)
    {
        await using var server = await BenchServer.StartAsync();
        var database = Path.Combine(server.DataDirectory, "containergroups.db");
        var insert = Stopwatch.StartNew();
        await using (var connection = new SqliteConnection($"Data Source={database}"))
        {
            await connection.OpenAsync();
            await ODataRows.InsertAsync(connection, jobs);
        }

        Console.WriteLine($"{jobs} jobs, {jobs * 5} events inserted in {insert.Elapsed.TotalSeconds:F0} s, {new FileInfo(database).Length / 1e6:F0} MB; load {ServerProcess.Load}");
        await using var byHand = await HandWritten.StartAsync(database);
        var pair = new Pair(server, byHand);
        await PagesAsync(pair, jobs);
        await pair.CompareAsync(
            "$count of a filter (<= 1.3)", "Jobs/$count?$filter=Failed", "SELECT COUNT(*) FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Failed\"");
        await pair.CompareAsync(
            "by template and day (<= 1.3)",
            "Jobs?$apply=compute(date(Created) as Day)/groupby((JobTemplateId,Day),aggregate($count as N,ElapsedSeconds with average as Mean))&$top=1000",
            "SELECT \"JobTemplateId\", date(\"Created\") AS d, COUNT(*), AVG(\"ElapsedSeconds\") FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000");
        await pair.CompareAsync(
            "50 jobs with their last events (<= 2)",
            "Jobs?$select=Id,Name&$orderby=Id desc&$top=50&$expand=Events($orderby=Counter desc;$top=3;$select=Event,Task,HostName,Stdout)",
            """
            SELECT j."Id", j."Name", e."Event", e."Task", e."HostName", e."Stdout" FROM (SELECT "Id", "Name" FROM "UnifiedJobs" WHERE "Type" = 'job' ORDER BY "Id" DESC LIMIT 50) j
            JOIN "JobEvents" e ON e."JobId" = j."Id" AND e."Counter" > 2 ORDER BY j."Id" DESC, e."Counter" DESC
            """);
        await StreamAsync(server, byHand, jobs);
    }

    private static async Task PagesAsync(Pair pair, int jobs)
    {
        var select = "$select=" + Columns.Replace("\"", "", StringComparison.Ordinal);
        await pair.CompareAsync(
            "page of 1,000, filter and order (<= 2)",
            $"Jobs?{select}&$filter=Failed and ElapsedSeconds gt 10&$orderby=Id desc",
            $"SELECT {Columns} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Failed\" AND \"ElapsedSeconds\" > 10 ORDER BY \"Id\" DESC LIMIT 1001");
        var noon = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(jobs / 2 * 37L);
        await pair.CompareAsync(
            "page of 1,000 since a moment, newest first (<= 2)",
            $"Jobs?{select}&$filter=Created ge {noon:yyyy-MM-dd}T00:00:00Z&$orderby=Created desc",
            $"SELECT {Columns} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Created\" >= '{noon:yyyy-MM-dd} 00:00:00' ORDER BY \"Created\" DESC LIMIT 1001");
        // The link to the page in the middle, from the page before it.
        var before = await pair.Server.GetAsync($"/odata/Jobs?{select}&$orderby=Id&$filter=Id gt {jobs / 2 - 1000}");
        await pair.CompareAsync(
            "deep page by its link (<= 2)",
            new Uri((string)before["@odata.nextLink"]!).PathAndQuery,
            $"SELECT {Columns} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' AND \"Id\" > {jobs / 2 + 1} ORDER BY \"Id\" LIMIT 1001");
    }

    private static async Task StreamAsync(BenchServer server, HandWritten byHand, int jobs)
    {
        var (before, processor) = (server.Memory.Private, server.Processor);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/odata/Jobs?$select={Streamed.Replace("\"", "", StringComparison.Ordinal)}");
        request.Headers.Add("Prefer", $"odata.maxpagesize={jobs}");
        var most = 0L;
        var (length, seconds) = await ReadAsync(server.Http, request, () => most = Math.Max(most, server.Memory.Private));
        processor = server.Processor - processor;
        await byHand.AnswerAsync($"SELECT {Streamed} FROM \"UnifiedJobs\" WHERE \"Type\" = 'job' ORDER BY \"Id\"");
        using var other = new HttpRequestMessage(HttpMethod.Get, "/");
        var (_, otherSeconds) = await ReadAsync(byHand.Http, other, () => { });
        Console.WriteLine($"{jobs} rows in one answer (<= 2): {seconds / otherSeconds:F2} x; {length / 1e6:F0} MB in {seconds:F1} s ({processor.TotalSeconds:F1} s of processor time), by hand {otherSeconds:F1} s; "
            + $"private memory {before / 1e6:F0} MB before, at most {most / 1e6:F0} MB");
    }

    /// <summary>Reads an answer to its end, looking at the server now and then.</summary>
    private static async Task<(long Length, double Seconds)> ReadAsync(HttpClient http, HttpRequestMessage request, Action look)
    {
        var watch = Stopwatch.StartNew();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        var (length, next) = (0L, TimeSpan.Zero);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0; length += read)
        {
            if (watch.Elapsed >= next)
            {
                look();
                next = watch.Elapsed + TimeSpan.FromMilliseconds(50);
            }
        }

        return (length, watch.Elapsed.TotalSeconds);
    }

    /// <summary>The two that are compared.</summary>
    private sealed record Pair(BenchServer Server, HandWritten ByHand)
    {
        public async Task CompareAsync(string what, string url, string sql)
        {
            url = url.StartsWith('/') ? url : "/odata/" + url;
            await ByHand.AnswerAsync(sql);
            var (asked, byHand, bare) = (new List<double>(), new List<double>(), new List<double>());
            var (before, byHandBefore) = (TimeSpan.Zero, TimeSpan.Zero);
            var watch = Stopwatch.StartNew();
            for (var round = 0; asked.Count < 3 || watch.Elapsed < WarmUp + Measured; round++)
            {
                var (first, second, third) = (
                    await TimeAsync(() => Server.Http.GetByteArrayAsync(url)), await TimeAsync(() => ByHand.Http.GetByteArrayAsync("/")), await TimeAsync(ByHand.WriteAsync));
                if (watch.Elapsed < WarmUp || round == 0)
                {
                    (before, byHandBefore) = (Server.Processor, ByHand.Processor);
                    continue;
                }

                asked.Add(first);
                byHand.Add(second);
                bare.Add(third);
            }

            var (one, other, least) = (new Figures(asked), new Figures(byHand), new Figures(bare));
            var (processor, processorByHand) = ((Server.Processor - before) / asked.Count, (ByHand.Processor - byHandBefore) / asked.Count);
            Console.WriteLine($"{what}: {processor / processorByHand:F2} x in processor time ({processor.TotalMilliseconds:F2} ms, by hand {processorByHand.TotalMilliseconds:F2} ms); "
                + $"{one.Median / other.Median:F2} x in time, {one.Median / least.Median:F2} x without HTTP by hand; ms: OData {one}; by hand {other}; without HTTP {least}");
        }

        private static async Task<double> TimeAsync(Func<Task> call)
        {
            var watch = Stopwatch.StartNew();
            await call();
            return watch.Elapsed.TotalMilliseconds;
        }
    }
}

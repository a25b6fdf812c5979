using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/dashboard/graphs/jobs/</c>: how many jobs ended in which way, for each day of a period, or each hour of a day.</summary>
internal sealed class JobsGraphController(TimeProvider clock)
{
    private const long Hour = 3600;

    private const long Day = 24 * Hour;

    private static readonly string[] Ends = [JobStatuses.Successful, JobStatuses.Failed, JobStatuses.Canceled, JobStatuses.Error];

    public async Task ShowAsync(ApiCall call)
    {
        DashboardController.Deprecate(call);
        var query = call.Http.Request.Query;
        var (first, last, step) = Period(query["period"].ToString());
        var jobs = OfType(call.Db.UnifiedJobs.VisibleTo(call.Db, call.Caller), query["job_type"].ToString());
        var since = DateTimeOffset.FromUnixTimeSeconds(first).UtcDateTime;
        var counts = await jobs.Where(job => job.Finished >= since && Ends.Contains(job.Status))
            .GroupBy(job => new { Place = Math.Floor(SqlMoments.UnixSeconds(job.Finished!.Value) / step), job.Status })
            .Select(group => new { group.Key.Place, group.Key.Status, Count = group.Count() })
            .ToDictionaryAsync(row => (row.Status, (long)row.Place * step), row => row.Count, call.Cancellation);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("jobs");
            foreach (var status in Ends)
            {
                writer.WriteStartArray(status);
                for (var moment = first; moment <= last; moment += step)
                {
                    Point(writer, moment, counts.GetValueOrDefault((status, moment)));
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    /// <summary>The first and the last point, and the seconds from one to the next.</summary>
    private (long First, long Last, long Step) Period(string name)
    {
        var now = clock.GetUtcNow();
        var (begin, step) = name switch
        {
            "" or "month" => (now.AddMonths(-1), Day),
            "two_weeks" => (now.AddDays(-14), Day),
            "week" => (now.AddDays(-7), Day),
            "day" => (now.AddDays(-1), Hour),
            _ => throw ApiException.BadError($"Unknown period \"{name}\""),
        };
        return (begin.ToUnixTimeSeconds() / step * step, now.ToUnixTimeSeconds() / step * step, step);
    }

    private static IQueryable<UnifiedJob> OfType(IQueryable<UnifiedJob> jobs, string type) => type switch
    {
        "playbook_run" => jobs.OfType<Job>().Where(job => !(job is AdHocCommand)),
        "scm_update" => jobs.OfType<ProjectUpdate>(),
        "inv_sync" => jobs.Where(_ => false),
        _ => jobs,
    };

    private static void Point(Utf8JsonWriter writer, long moment, int count)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(moment);
        writer.WriteNumberValue(count);
        writer.WriteEndArray();
    }
}

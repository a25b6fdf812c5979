using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Schedules.Recurrences;

namespace ContainerGroups.Host.Schedules;

/// <summary><c>/schedules/preview/</c>: when a rule would fire; <c>/schedules/zoneinfo/</c>: where.</summary>
internal sealed class SchedulePreview(TimeProvider clock)
{
    private const int Shown = 10;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        new ApiEndpoint().Post(PreviewAsync).Map(endpoints, "/api/v2/schedules/preview");
        new ApiEndpoint().Get(ZonesAsync).Map(endpoints, "/api/v2/schedules/zoneinfo");
    }

    private async Task PreviewAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var (text, errors) = ReadText(body, call);
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var fault in text is null ? [] : RruleRules.FaultsOf(text, now))
        {
            errors.Add("rrule", fault);
        }

        errors.ThrowIfAny();
        var recurrence = RecurrenceReader.Read(text!);
        var times = recurrence.AllAfter(now, new SearchBudget()).Take(Shown).ToList();
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("local");
            times.ForEach(time => writer.WriteStringValue(Local(time, recurrence.Zone)));
            writer.WriteEndArray();
            writer.WriteStartArray("utc");
            times.ForEach(time => writer.WriteStringValue(Local(time, TimeZoneInfo.Utc)));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static (string? Text, FieldErrors Errors) ReadText(RequestBody body, ApiCall call)
    {
        var errors = new FieldErrors();
        if (!body.TryGet("rrule", out var json))
        {
            errors.Add("rrule", "This field is required.");
            return (null, errors);
        }

        var field = call.Catalog.Get<Storage.Schedule>().Fields.Single(field => field.Name == "rrule");
        var (value, error) = Rest.Fields.FieldReading.Read(field, json);
        if (error is not null)
        {
            errors.Add("rrule", error);
        }

        return (value as string, errors);
    }

    private static string Local(DateTime utc, TimeZoneInfo zone)
    {
        var time = TimeZoneInfo.ConvertTime(new DateTimeOffset(utc), zone);
        var format = zone.Equals(TimeZoneInfo.Utc) ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz";
        return time.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task ZonesAsync(ApiCall call) => call.AnswerAsync(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("zones");
        foreach (var name in TimeZones.Names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("links");
        foreach (var (name, zone) in TimeZones.Links)
        {
            writer.WriteString(name, zone);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}

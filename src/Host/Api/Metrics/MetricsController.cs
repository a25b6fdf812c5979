using System.Text;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Api.Metrics;

/// <summary><c>/api/v2/metrics/</c>: for Prometheus as text, as JSON for who asks for that; for those who look after the system.</summary>
internal sealed class MetricsController(SystemFigures figures)
{
    private const string Json = "application/json";

    public async Task ShowAsync(ApiCall call)
    {
        if (!call.Caller.SeesEverything)
        {
            throw ApiException.Forbidden();
        }

        var families = await figures.ReadAsync(call.Db, call.Cancellation);
        if (!WantsJson(call.Http.Request))
        {
            call.Http.Response.ContentType = MetricText.ContentType;
            await call.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(MetricText.Of(families)), call.Cancellation);
            return;
        }

        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            foreach (var family in families)
            {
                writer.WriteStartObject(family.Name);
                writer.WriteString("help_text", family.Help);
                writer.WriteString("type", "gauge");
                writer.WriteStartArray("samples");
                foreach (var sample in family.Samples)
                {
                    writer.WriteStartObject();
                    writer.WriteStartObject("labels");
                    foreach (var (name, value) in sample.Labels)
                    {
                        writer.WriteString(name, value);
                    }

                    writer.WriteEndObject();
                    writer.WriteNumber("value", sample.Value);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Whoever names JSON and no text, or asks for it in the query; who takes anything gets what Prometheus reads.</summary>
    private static bool WantsJson(HttpRequest request)
    {
        if (request.Query["format"].LastOrDefault() is { Length: > 0 } format)
        {
            return format == "json";
        }

        var accepted = request.Headers.Accept.ToString();
        return accepted.Contains(Json, StringComparison.OrdinalIgnoreCase) && !accepted.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
            && !accepted.Contains("openmetrics-text", StringComparison.OrdinalIgnoreCase);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>AWX's <c>/jobs/N/stdout/</c>: a job's text in several forms.</summary>
internal sealed class StdoutController(OutputReader reader)
{
    /// <summary>AWX's STDOUT_MAX_BYTES_DISPLAY.</summary>
    public const int MaxShownBytes = 1_048_576;

    public async Task GetAsync(ApiCall call, UnifiedJob job)
    {
        var format = StdoutFormats.Of(call.Http.Request) ?? throw ApiException.NotFound();
        var state = await reader.FindAsync(job.Id, call.Cancellation) ?? throw ApiException.NotFound();
        if (format.IsDownload)
        {
            var suffix = format.KeepsColours ? ".ansi" : "";
            call.Http.Response.Headers.ContentDisposition =
                string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"{job.Type}_{job.Id}{suffix}.txt\"");
            await StreamAsync(call, job.Id, state, format);
        }
        else if (format.IsPlain && state.Length <= MaxShownBytes)
        {
            await StreamAsync(call, job.Id, state, format);
        }
        else
        {
            await AnswerShownAsync(call, job, state, format);
        }
    }

    private async Task StreamAsync(ApiCall call, long jobId, OutputState state, StdoutFormat format)
    {
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        var body = call.Http.Response.BodyWriter;
        var stripper = new AnsiStripper();
        await foreach (var text in reader.ReadAsync(jobId, 0, state.Length, call.Cancellation))
        {
            if (format.KeepsColours)
            {
                body.Write(text.Span);
            }
            else
            {
                stripper.Strip(text.Span, body);
            }

            await body.FlushAsync(call.Cancellation);
        }
    }

    private async Task AnswerShownAsync(ApiCall call, UnifiedJob job, OutputState state, StdoutFormat format)
    {
        var shown = await ReadShownAsync(call, job.Id, state, format.IsPlain ? new LineRange(0, null) : LineRange.Read(call.Http.Request.Query));
        if (format.Name == StdoutFormats.Json)
        {
            await AnswerJsonAsync(call, shown);
            return;
        }

        var text = Encoding.UTF8.GetString(shown.Content);
        var html = format.IsPlain || shown.IsRefusal ? text : AnsiHtml.Convert(text);
        call.Http.Response.ContentType = format.IsPlain ? "text/plain; charset=utf-8" : "text/html; charset=utf-8";
        await call.Http.Response.WriteAsync(
            format.Name == StdoutFormats.Html ? StdoutPage.Of(job, html, call.Http.Request.Query["dark"] == "1") : html, call.Cancellation);
    }

    private async Task<Shown> ReadShownAsync(ApiCall call, long jobId, OutputState state, LineRange range)
    {
        if (!range.IsGiven && state.Length > MaxShownBytes)
        {
            return Shown.Refusal(state.Length);
        }

        var lines = await reader.CountLinesAsync(jobId, state, call.Cancellation);
        var (start, end) = range.Within(lines);
        var from = await reader.FindLineAsync(jobId, start, call.Cancellation);
        var to = Math.Min(await reader.FindLineAsync(jobId, end, call.Cancellation), state.Length);
        if (to - from > MaxShownBytes)
        {
            return Shown.Refusal(to - from);
        }

        var content = new ArrayBufferWriter<byte>();
        await foreach (var text in reader.ReadAsync(jobId, from, to, call.Cancellation))
        {
            content.Write(text.Span);
        }

        return new Shown(content.WrittenMemory.ToArray(), start, end, lines, IsRefusal: false);
    }

    private static Task AnswerJsonAsync(ApiCall call, Shown shown)
    {
        var isBase64 = call.Http.Request.Query["content_encoding"] == "base64";
        return call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("range");
            writer.WriteNumber("start", shown.Start);
            writer.WriteNumber("end", shown.End);
            writer.WriteNumber("absolute_end", shown.AbsoluteEnd);
            writer.WriteEndObject();
            if (isBase64)
            {
                writer.WriteBase64String("content", shown.Content);
            }
            else
            {
                // Bytes that are no UTF-8 become U+FFFD: JSON has no others.
                writer.WriteString("content", Encoding.UTF8.GetString(shown.Content));
            }

            writer.WriteEndObject();
        });
    }

    private sealed record Shown(byte[] Content, long Start, long End, long AbsoluteEnd, bool IsRefusal)
    {
        /// <summary>AWX's answer when it is too much to show.</summary>
        public static Shown Refusal(long bytes) => new(
            Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"Standard Output too large to display ({bytes} bytes), only download supported for sizes over {MaxShownBytes} bytes.")),
            0, 1, 1, IsRefusal: true);
    }
}

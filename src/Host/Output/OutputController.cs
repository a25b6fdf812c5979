using System.Buffers;
using System.Globalization;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>
/// Ours: <c>/jobs/N/output/?offset=K&amp;follow=1</c>, the text's bytes from an offset on; with follow as they are stored, until the job
/// has ended. An answer that ends in good order is whole; a client whose connection breaks goes on at the offset that it has reached.
/// </summary>
internal sealed class OutputController(OutputReader reader, OutputSignals signals, IHostApplicationLifetime host)
{
    private const string StatusHeader = "X-Job-Status";
    private const string EndHeader = "X-Output-End";

    public async Task GetAsync(ApiCall call, UnifiedJob job)
    {
        var (offset, follow) = Read(call.Http.Request.Query);
        var response = call.Http.Response;
        response.ContentType = "application/octet-stream";
        response.Headers[StatusHeader] = job.Status;
        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(StatusHeader);
            response.DeclareTrailer(EndHeader);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, host.ApplicationStopping);
        try
        {
            await SendAsync(response, job.Id, offset, follow, ended.Token);
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            // A broken connection says what an end would not: that there is more. The client asks again, here or at another host.
            call.Http.Abort();
        }
    }

    private async Task SendAsync(HttpResponse response, long jobId, long offset, bool follow, CancellationToken cancellationToken)
    {
        await response.StartAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
        using var watch = signals.Follow(jobId);
        while (await reader.FindAsync(jobId, cancellationToken) is { } state)
        {
            await foreach (var text in reader.ReadAsync(jobId, offset, state.Length, cancellationToken))
            {
                response.BodyWriter.Write(text.Span);
                await response.BodyWriter.FlushAsync(cancellationToken);
                offset += text.Length;
            }

            if (!follow || state.Ended)
            {
                End(response, state.Status, offset);
                return;
            }

            await watch.WaitAsync(cancellationToken);
        }
    }

    private static void End(HttpResponse response, string status, long offset)
    {
        if (response.SupportsTrailers())
        {
            response.AppendTrailer(StatusHeader, status);
            response.AppendTrailer(EndHeader, offset.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static (long Offset, bool Follow) Read(IQueryCollection query)
    {
        var offset = 0L;
        if (query["offset"].LastOrDefault() is { Length: > 0 } text
            && !(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset)))
        {
            throw ApiException.Invalid("offset", "A byte offset is required: 0 or a positive integer.");
        }

        return (offset, query["follow"].LastOrDefault() is "1" or "true");
    }
}

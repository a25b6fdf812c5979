using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Notifications;

/// <summary>What somebody's program got.</summary>
internal sealed record Received(string Method, string Path, IHeaderDictionary Headers, byte[] Body);

/// <summary>Somebody's program that webhooks call.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _all = new();
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyList<Received> All => [.. _all];

    /// <summary>The status of the answer to the request of a number, counted from 0; null for none as long as the caller waits.</summary>
    public Func<int, int?> Answer { get; set; } = _ => StatusCodes.Status200OK;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        // The request's own headers are gone with it.
        var headers = new HeaderDictionary(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase));
        int? status;
        lock (_all)
        {
            status = Answer(_all.Count);
            _all.Enqueue(new Received(http.Request.Method, http.Request.Path, headers, body.ToArray()));
        }

        if (status is { } known)
        {
            http.Response.StatusCode = known;
            return;
        }

        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>One request of the API.</summary>
/// <param name="Method">GET, POST, DELETE.</param>
/// <param name="Path">Relative to the server, escaped, with its query.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether doing it twice is the same as doing it once.</summary>
    public bool Repeatable { get; init; }
}

/// <summary>Sends requests, within bounded time, and again where that is safe. Everything that goes wrong is an <see cref="ApiException"/>.</summary>
internal sealed class ApiCaller(HttpMessageInvoker invoker, Uri server, TimeProvider clock, CallLimits limits)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Sends, and has the whole answer read within the same try.</summary>
    public Task<T> CallAsync<T>(ApiRequest request, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RepeatAsync(request, async cancel =>
        {
            using var response = await SendAsync(request, cancel);
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            return await read(body, cancel);
        }, cancellationToken);

    /// <summary>Sends, and returns as soon as the answer has begun; the rest of it is the caller's to read, for as long as it takes.</summary>
    public Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        RepeatAsync(request, cancel => SendAsync(request, cancel), cancellationToken);

    private async Task<T> RepeatAsync<T>(ApiRequest request, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var wait = FirstWait; ; wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks)))
        {
            TimeSpan pause;
            try
            {
                return await TryAsync(request.Method == HttpMethod.Get ? limits.Read : limits.Write, send, cancellationToken);
            }
            catch (ApiException e) when (MayRepeat(request, e))
            {
                pause = Pause(wait, e.RetryAfter);
                if (clock.GetElapsedTime(began) + pause > limits.Retries)
                {
                    throw;
                }
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<T> TryAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await send(either.Token);
        }
        catch (JsonException e)
        {
            throw ApiFailures.NotKubernetes(HttpStatusCode.OK, server, $"it is no JSON of the kind that was asked for ({e.Message})");
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ApiFailures.Connection(e, server);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(server, request.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        var response = await invoker.SendAsync(message, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ApiFailures.ReadAsync(response, server, clock, cancellationToken);
        }
    }

    /// <summary>What changes something is sent again only when it is certain that it was not done.</summary>
    private static bool MayRepeat(ApiRequest request, ApiException failure) => failure.IsTransient
        && (request.Repeatable || failure.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict || failure.WasNotSent);

    /// <summary>Spread, so that those who failed together do not come back together.</summary>
    private static TimeSpan Pause(TimeSpan wait, TimeSpan? asked)
    {
        var own = wait * (0.5 + (Random.Shared.NextDouble() / 2));
        return asked is { } given && given > own ? given + (own / 2) : own;
    }
}

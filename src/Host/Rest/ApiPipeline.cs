using System.Globalization;
using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>What every answer under <c>/api/</c> has: AWX's headers, and errors as JSON. What goes wrong inside is told to the log only.</summary>
internal sealed partial class ApiPipeline(RequestDelegate next, HostIdentity identity, TimeProvider clock, ILogger<ApiPipeline> logger)
{
    public const string ProductName = "AWX";

    private const string BusyDatabase = "The database can't be used for the moment. Try again.";

    private const string FullDisk = "The server's disk is full: nothing was stored. Try again when there is room.";

    public async Task InvokeAsync(HttpContext http)
    {
        var begun = clock.GetTimestamp();
        http.Response.OnStarting(() =>
        {
            AddHeaders(http, clock.GetElapsedTime(begun));
            return Task.CompletedTask;
        });
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (ApiException e) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, e.Status, e.WriteBody);
        }
        catch (LoginRefusedException e) when (!http.Response.HasStarted)
        {
            if (e.Status == StatusCodes.Status401Unauthorized)
            {
                // Never "Basic", at which a browser would show its own window for a password.
                http.Response.Headers.WWWAuthenticate = "Bearer realm=api authorization_url=/api/o/authorize/";
            }

            e.WriteHeaders(http.Response);
            await AnswerAsync(http, e.Status, ApiException.Detail(e.Status, e.Message).WriteBody);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, e.StatusCode, ApiException.Detail(e.StatusCode, e.Message).WriteBody);
        }
        catch (Exception e) when (!http.Response.HasStarted && StorageFaults.IsFull(e))
        {
            LogFull(http.Request.Method, http.Request.Path, StorageFaults.Reason(e));
            await AnswerAsync(http, StatusCodes.Status507InsufficientStorage, ApiException.Detail(507, FullDisk).WriteBody);
        }
        catch (Exception e) when (!http.Response.HasStarted && TransientFaults.IsTransient(e))
        {
            LogPassingFault(http.Request.Method, http.Request.Path, StorageFaults.Reason(e));
            http.Response.Headers.RetryAfter = "1";
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, ApiException.Detail(503, BusyDatabase).WriteBody);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFailed(http.Request.Method, http.Request.Path, e);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, ApiException.Detail(500, "A server error has occurred.").WriteBody);
        }
    }

    private static async Task AnswerAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        // What was said of the body that was to come is no longer true; the rest of the headers is.
        http.Response.Headers.ContentLength = null;
        http.Response.Headers.Location = default;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, JsonValues.Options);
        write(writer);
    }

    private void AddHeaders(HttpContext http, TimeSpan elapsed)
    {
        var headers = http.Response.Headers;
        headers["X-API-Product-Name"] = ProductName;
        headers["X-API-Node"] = identity.Hostname;
        headers["X-API-Time"] = string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F3}s");
        if (Caller.From(http.User) is not null)
        {
            headers["X-API-Product-Version"] = ServerVersion.Current;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} failed by a fault of the database that passes by itself: {Reason}")]
    private partial void LogPassingFault(string method, PathString path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed because the disk is full: {Reason}")]
    private partial void LogFull(string method, PathString path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(string method, PathString path, Exception e);
}

using ContainerGroups.Host.Access;
using ContainerGroups.Host.OData.Answers;
using ContainerGroups.Host.OData.Batch;
using Microsoft.Extensions.Options;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData;

/// <summary>Everything under <c>/odata/</c>: who asks, in which version, for what; and whatever goes wrong as OData's error.</summary>
internal sealed partial class ODataEndpoint(
    RequestLogin login,
    ServiceAnswers service,
    BatchAnswer batch,
    ResourceReader resources,
    IOptions<ODataOptions> options,
    ILogger<ODataEndpoint> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            var caller = await AuthenticateAsync(http);
            await AnswerAsync(http, caller, options.Value.MaxPageSize);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(http, FaultOf(http, e));
        }
        catch (Exception e)
        {
            // Half of an answer must not pass for a whole one.
            LogBroken(http.Request.Path, e);
            http.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext http, Caller caller, int mostRows)
    {
        CheckVersion(http.Request);
        http.Response.Headers["OData-Version"] = "4.0";
        var request = ServiceRequest.Of(http);
        if (request.Path == "$batch" && HttpMethods.IsPost(http.Request.Method))
        {
            await batch.WriteAsync(request, inner => AnswerPartAsync(inner, caller));
            return;
        }

        if (QueryInBody.Is(request))
        {
            request = await QueryInBody.ReadAsync(request);
        }
        else if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = request.Path == "$batch" ? "POST" : "GET, HEAD";
            throw new ODataFault(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "This service is for reading: it answers GET and HEAD.");
        }

        request = request with { Format = request.Format.AtMost(mostRows) };
        if (request.Format.Applied is { Length: > 0 } applied)
        {
            http.Response.Headers["Preference-Applied"] = applied;
        }

        await ReadAsync(request, caller);
    }

    /// <summary>
    /// A request inside a batch; its faults are its own answers. All of its answer is kept before it is sent, so it has no more rows than
    /// any client gets unasked.
    /// </summary>
    private async Task AnswerPartAsync(HttpContext inner, Caller caller)
    {
        try
        {
            await AnswerAsync(inner, caller, options.Value.PageSize);
        }
        catch (Exception e) when (e is not OperationCanceledException || !inner.RequestAborted.IsCancellationRequested)
        {
            // Nothing of the answer has left yet. What there is of it must not stand before the error.
            await inner.Response.BodyWriter.FlushAsync(inner.RequestAborted);
            inner.Response.Body.SetLength(0);
            await ErrorAnswer.WriteAsync(inner, FaultOf(inner, e));
        }
    }

    private async Task ReadAsync(ServiceRequest request, Caller caller)
    {
        using var payload = new PayloadWriter(request.Http.Response, request.Format);
        if (request.Path == "$metadata" && request.Format.Kind is AnswerKind.Json or AnswerKind.Xml)
        {
            await service.SchemaAsync(request);
            return;
        }

        CheckKind(request);
        if (request.Path.Length == 0)
        {
            await service.DocumentAsync(request, payload);
            return;
        }

        await resources.AnswerAsync(EntityById(request), caller, payload);
    }

    /// <summary>Raw values and numbers of rows are texts whatever is wanted; nothing else is a text, and only the schema is XML.</summary>
    private static void CheckKind(ServiceRequest request)
    {
        var isRaw = request.Path.EndsWith("/$value", StringComparison.Ordinal) || request.Path.EndsWith("/$count", StringComparison.Ordinal);
        if (request.Format.Kind != AnswerKind.Json && !(isRaw && request.Format.Kind == AnswerKind.Text))
        {
            throw new ODataFault(
                StatusCodes.Status406NotAcceptable, "NotAcceptable", "Data is JSON; only the schema is written as XML, and only raw values and counts are texts.");
        }
    }

    /// <summary><c>$entity?$id=…</c> is the entity of that id.</summary>
    private static ServiceRequest EntityById(ServiceRequest request)
    {
        if (request.Path != "$entity")
        {
            return request.Option("$id") is null ? request : throw ODataFault.BadRequest("$id belongs to $entity.", "$id");
        }

        var id = request.Option("$id") ?? throw ODataFault.BadRequest("$entity needs $id.", "$id");
        var url = Uri.TryCreate(request.Root, id, out var found) && request.Root.IsBaseOf(found) ? found : throw ODataFault.NotFound("The id is not one of this service.");
        return request.At(url.AbsoluteUri[request.Root.AbsoluteUri.Length..], "$id");
    }

    private static void CheckVersion(HttpRequest request)
    {
        var version = request.Headers["OData-Version"].ToString();
        var most = request.Headers["OData-MaxVersion"].ToString();
        if (version is not ("" or "4.0" or "4.01") || (most.Length > 0 && (!Version.TryParse(most, out var known) || known.Major < 4)))
        {
            throw ODataFault.BadRequest("This service speaks OData 4.0 and takes requests of 4.0 and 4.01.", version.Length > 0 ? "OData-Version" : "OData-MaxVersion");
        }
    }

    private async Task<Caller> AuthenticateAsync(HttpContext http) => await login.FindAsync(http)
        ?? throw LoginRefusedException.WrongCredentials("Give a name and a password (Basic), or a token (Bearer).");

    private static ODataFault Refusal(HttpContext http, LoginRefusedException refused)
    {
        refused.WriteHeaders(http.Response);
        if (refused.Status != StatusCodes.Status401Unauthorized)
        {
            return new ODataFault(refused.Status, "LoginRefused", refused.Message);
        }

        // Spreadsheets and browsers ask their users for a name and a password only when told how they will be sent.
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"ContainerGroups\", charset=\"UTF-8\"";
        return new ODataFault(refused.Status, "Unauthorized", refused.Message);
    }

    private ODataFault FaultOf(HttpContext http, Exception e)
    {
        switch (e)
        {
            case ODataFault fault:
                if (fault.InnerException is { } inner)
                {
                    LogRefused(http.Request.Path, fault.Message, inner);
                }

                return fault;
            case LoginRefusedException refused:
                return Refusal(http, refused);
            case ODataUnrecognizedPathException:
                return ODataFault.NotFound(e.Message);
            case ODataException or UriFormatException or FormatException or OverflowException:
                return ODataFault.BadRequest(e.Message);
            case BadHttpRequestException bad:
                return new ODataFault(bad.StatusCode, "BadRequest", bad.Message);
            default:
                LogFailed(http.Request.Path, e);
                return new ODataFault(StatusCodes.Status500InternalServerError, "InternalError", "The server failed; its log says why.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "OData {Path} failed")]
    private partial void LogFailed(string path, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "OData {Path} failed in the middle of its answer")]
    private partial void LogBroken(string path, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "OData {Path} was refused: {Reason}")]
    private partial void LogRefused(string path, string reason, Exception e);
}

using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>Makes an <see cref="ApiException"/> of whatever came instead of the answer: a Status, a proxy's page, nothing at all.</summary>
internal static class ApiFailures
{
    /// <summary>Longer than any Status; enough of a page to see that it is none.</summary>
    private const int LongestBody = 256 * 1024;

    /// <summary>Of plain text that is repeated in a message.</summary>
    private const int LongestLine = 300;

    /// <summary>Reads a refusal, also one of an exec. Does not throw for what the body is or lacks.</summary>
    public static async Task<ApiException> ReadAsync(HttpResponseMessage response, Uri server, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken);
        var retryAfter = RetryAfter.Read(response, clock.GetUtcNow());
        return TryReadStatus(response, body) is { } status
            ? FromStatus(status, response.StatusCode, retryAfter)
            : new ApiException(Describe(response, body, server)) { StatusCode = response.StatusCode, RetryAfter = retryAfter };
    }

    /// <summary>Of a Status that came otherwise than as a refused request: an ERROR in a watch, the end of an exec.</summary>
    public static ApiException FromStatus(StatusObject status, HttpStatusCode? code = null, TimeSpan? retryAfter = null) => new(Words(status))
    {
        StatusCode = code ?? (status.Code is { } given and > 0 ? (HttpStatusCode)given : HttpStatusCode.InternalServerError),
        Reason = status.Reason ?? "",
        Kind = status.Details?.Kind ?? "",
        Causes = status.Details?.Causes ?? [],
        RetryAfter = retryAfter ?? RetryAfter.OfSeconds(status.Details?.RetryAfterSeconds),
    };

    /// <summary>Of a connection that failed or broke. Says which server, and what the system said.</summary>
    public static ApiException Connection(Exception cause, Uri server) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException fault } =>
            new($"The certificate of {server.Authority} is not trusted: {fault.Message}", cause) { IsCertificateFault = true },
        // The system's words name the address that was tried, which is the proxy's where there is one.
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            new($"{server.Authority} can't be reached: {cause.Message}", cause),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
            new($"The proxy does not connect to {server.Authority}: {cause.Message}", cause),
        OperationCanceledException => new($"{server.Authority} does not answer in time", cause),
        _ => new($"The connection to {server.Authority} broke: {Innermost(cause)}", cause),
    };

    /// <summary>Of an answer that says success and is not what Kubernetes would send.</summary>
    public static ApiException NotKubernetes(HttpStatusCode code, Uri server, string what) =>
        new($"{server.Authority} answers, but not as a Kubernetes API does: {what}") { StatusCode = code };

    /// <summary>Empty when it breaks off or is too long to be worth reading.</summary>
    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestBody, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }

    private static StatusObject? TryReadStatus(HttpResponseMessage response, byte[] body)
    {
        if (MediaType(response) is not ("application/json" or null))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, KubernetesJson.Default.StatusObject) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Words(StatusObject status)
    {
        if (status.Message is { Length: > 0 } message)
        {
            return message;
        }

        var causes = string.Join("; ", (status.Details?.Causes ?? []).Select(cause => $"{cause.Field}: {cause.Message}".TrimStart(':', ' ')));
        return causes.Length > 0 ? causes : status.Reason is { Length: > 0 } reason ? reason : "the cluster gives no reason";
    }

    private static string Describe(HttpResponseMessage response, byte[] body, Uri server)
    {
        var answer = $"{server.Authority} answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        if (response.Headers.Location is { } location)
        {
            var target = location.IsAbsoluteUri ? location.Authority : server.Authority;
            return $"{answer} and points to {target}, which a Kubernetes API does not do";
        }

        if (MediaType(response) == "text/plain" && FirstLine(body) is { } words)
        {
            return $"{answer}: {words}";
        }

        return MediaType(response) is { } type and not ("application/json" or "text/plain")
            ? $"{answer} with {type} instead of Kubernetes' own words, perhaps from a proxy on the way"
            : $"{answer} without a reason";
    }

    /// <summary>The API server itself speaks plain text where it refuses early. Null for what may repeat the request, token and all.</summary>
    private static string? FirstLine(byte[] body)
    {
        var line = Encoding.UTF8.GetString(body).Split('\n', 2)[0].Trim();
        var isShort = line.Length is > 0 and <= LongestLine;
        return isShort && !line.Contains("bearer", StringComparison.OrdinalIgnoreCase) ? line : null;
    }

    private static string? MediaType(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    private static string Innermost(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message;
    }
}

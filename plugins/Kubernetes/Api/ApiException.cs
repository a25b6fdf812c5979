using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>The cluster said no, or could not be asked. The message is Kubernetes' own words where it gave any, and never holds a token.</summary>
internal sealed class ApiException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Null when the connection failed before there was an answer, or in the midst of one.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Of Kubernetes' Status: NotFound, AlreadyExists, Forbidden, Expired, …; empty when the answer was none (a proxy's page).</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the Status is about: <c>pods</c>, <c>namespaces</c>; empty when it doesn't say.</summary>
    public string Kind { get; init; } = "";

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>How long the cluster asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The connection was made and not trusted: nothing but a change of the credential or of the cluster helps.</summary>
    public bool IsCertificateFault { get; init; }

    /// <summary>The connection failed before any of the request was sent.</summary>
    public bool WasNotSent => InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Whether the same call may succeed a little later without anybody changing anything.</summary>
    public bool IsTransient => StatusCode switch
    {
        null => !IsCertificateFault,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => true,
        HttpStatusCode.Conflict => IsQuotaConflict,
        HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported => false,
        var code => (int)code >= 500,
    };

    /// <summary>Kubernetes itself says that the object does not exist; another server's 404 is not that.</summary>
    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound && Reason == "NotFound";

    /// <summary>Kubernetes itself says that the object of that kind does not exist, and not that the path to it leads nowhere.</summary>
    public bool IsAbsent(string kind) => IsNotFound && (Kind == kind || (Kind.Length == 0 && Message.StartsWith(kind + " ", StringComparison.Ordinal)));

    /// <summary>The resource version, or a list's continue token, is too old: list anew.</summary>
    public bool IsExpired => StatusCode == HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    /// <summary>Several creations at once were counted against one quota; the next try counts anew.</summary>
    internal bool IsQuotaConflict => StatusCode == HttpStatusCode.Conflict
        && (Kind == "resourcequotas" || Message.Contains("resourcequota", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the host is told.</summary>
    /// <param name="whatWasTried">Completes "Could not …": <c>create pod x in namespace y</c>.</param>
    public BackendException ToBackendException(string whatWasTried)
    {
        var (reason, advice) = FailureAdvice.For(this);
        return new BackendException(reason, $"Could not {whatWasTried}: {FailureAdvice.AsSentence(WithCauses())} {advice}", IsTransient, this)
        {
            RetryAfter = RetryAfter,
        };
    }

    /// <summary>Most messages repeat their causes; those that don't would leave the reader without the field.</summary>
    private string WithCauses()
    {
        var untold = Causes.Where(cause => cause.Field is { Length: > 0 } field && !Message.Contains(field, StringComparison.Ordinal));
        return string.Join("; ", untold.Select(cause => $"{cause.Field}: {cause.Message}").Prepend(Message));
    }
}

using System.Net;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>Why an exec was not opened.</summary>
/// <param name="Failure">What to throw when nothing else helps.</param>
internal sealed record ExecRefusal(ApiException Failure)
{
    /// <summary>This protocol is not let through; another may be.</summary>
    public bool IsOfProtocol { get; init; }

    /// <summary>Nothing was started, and the same may be granted a little later.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Of a request that was answered.</summary>
    /// <param name="failure">The answer.</param>
    /// <param name="isKubernetes">The words are Kubernetes' own, not of something on the way.</param>
    public static ExecRefusal OfAnswer(ApiException failure, bool isKubernetes) => failure.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new(failure),
        HttpStatusCode.NotFound when failure.IsNotFound && failure.Kind is "pods" or "namespaces" => new(failure),
        // What is asked for is wrong, unless something on the way has cut the request for an upgrade out.
        HttpStatusCode.BadRequest when isKubernetes && !failure.Message.Contains("upgrade", StringComparison.OrdinalIgnoreCase) => new(failure),
        HttpStatusCode.TooManyRequests => new(failure) { MayRepeat = true },
        HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity => new(failure),
        HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported => new(failure) { IsOfProtocol = true },
        // The kubelet's, of a container that ran and does not any more: its pod tells the rest.
        >= HttpStatusCode.InternalServerError when failure.Message.Contains("container not found", StringComparison.Ordinal) => new(failure),
        >= HttpStatusCode.InternalServerError => new(failure) { MayRepeat = true, IsOfProtocol = !isKubernetes },
        _ => new(failure) { IsOfProtocol = true },
    };

    /// <summary>Of a connection that failed.</summary>
    public static ExecRefusal OfConnection(ApiException failure, ExecProtocol protocol) =>
        new(failure) { MayRepeat = failure.IsTransient && (failure.WasNotSent || !protocol.StartsWithAnswer) };

    /// <summary>Of all protocols together: the words of each, the missing permission in front.</summary>
    public static ExecRefusal OfAll(IReadOnlyList<(ExecProtocol Protocol, ExecRefusal Refusal)> refusals)
    {
        var failures = refusals.Select(each => each.Refusal.Failure).ToList();
        var main = failures.LastOrDefault(failure => failure.StatusCode == HttpStatusCode.Forbidden) ?? failures[^1];
        if (failures.All(failure => failure.Message == main.Message))
        {
            return refusals[^1].Refusal;
        }

        var words = refusals.OrderByDescending(each => each.Refusal.Failure == main)
            .Select(each => $"{each.Refusal.Failure.Message.TrimEnd('.')} (exec by {each.Protocol.Name})");
        var failure = new ApiException(string.Join("; ", words), main)
        {
            StatusCode = main.StatusCode,
            Reason = main.Reason,
            Kind = main.Kind,
            Causes = main.Causes,
            RetryAfter = main.RetryAfter,
        };
        return new ExecRefusal(failure) { MayRepeat = refusals[^1].Refusal.MayRepeat };
    }
}

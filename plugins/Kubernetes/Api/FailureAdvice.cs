using System.Net;
using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>Which kind of failure an answer is for the host, and the one sentence on what to do that follows Kubernetes' own words.</summary>
internal static partial class FailureAdvice
{
    public static (BackendFailureReason Reason, string Advice) For(ApiException failure) => failure.StatusCode switch
    {
        null when failure.IsCertificateFault => (BackendFailureReason.Unreachable,
            "Give the cluster's root CA in the credential's ssl_ca_cert, or check that host is a name in the cluster's certificate."),
        null => (BackendFailureReason.Unreachable, "Check that the cluster's API is up and can be reached from this server."),
        HttpStatusCode.Unauthorized => (BackendFailureReason.Unauthorized,
            "The token has expired, was deleted, or is another cluster's: put a new one into the credential."),
        HttpStatusCode.Forbidden => Forbidden(failure),
        HttpStatusCode.NotFound => NotFound(failure),
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => (BackendFailureReason.InvalidSettings,
            "Correct the pod spec override or the job's image."),
        HttpStatusCode.Conflict when failure.IsQuotaConflict => (BackendFailureReason.QuotaExceeded,
            "Several pods were counted against the namespace's quota at once; trying again is enough."),
        HttpStatusCode.TooManyRequests => (BackendFailureReason.Unreachable, "The cluster asks for fewer requests; trying again later is enough."),
        HttpStatusCode.RequestTimeout => (BackendFailureReason.Unreachable, "Trying again later is enough."),
        var code when (int)code >= 500 => ServerFault(failure),
        var code when (int)code < 400 => (BackendFailureReason.Unreachable,
            "Check the credential's host: it must be the address of the cluster's API, not of a console or a login page."),
        _ => (BackendFailureReason.Unknown, "Look at the cluster's API server for more."),
    };

    public static string AsSentence(string words)
    {
        var trimmed = words.Trim();
        return trimmed.Length == 0 || trimmed[^1] is '.' or '!' or '?' ? trimmed : trimmed + ".";
    }

    /// <summary>The rule that a Role lacks, as it is written there.</summary>
    public static string RoleRule(string group, string resource, params string[] verbs) =>
        $$"""{apiGroups: ["{{group}}"], resources: ["{{resource}}"], verbs: [{{string.Join(", ", verbs.Select(verb => $"\"{verb}\""))}}]}""";

    private static (BackendFailureReason Reason, string Advice) Forbidden(ApiException failure)
    {
        var words = failure.Message;
        if (words.Contains("exceeded quota", StringComparison.Ordinal))
        {
            return (BackendFailureReason.QuotaExceeded, "Wait for pods in the namespace to end, or raise its ResourceQuota.");
        }

        if (MissingPermission().Match(words) is { Success: true } match)
        {
            var rule = RoleRule(match.Groups["group"].Value, match.Groups["resource"].Value, match.Groups["verb"].Value);
            var where = match.Groups["namespace"] is { Success: true, Value: var name } ? $" in namespace {name}, if that is the namespace meant" : "";
            return (BackendFailureReason.Forbidden,
                $"The permission {match.Groups["verb"].Value} {match.Groups["resource"].Value} is missing: add the rule {rule} to the Role of the account{where}.");
        }

        return (BackendFailureReason.Forbidden, ForbiddenAdvice(words));
    }

    private static string ForbiddenAdvice(string words) => words switch
    {
        // No room is missing here: no later try passes either.
        _ when words.Contains("failed quota", StringComparison.Ordinal) =>
            "Give the worker container the requests and limits that the quota asks for, in the pod spec override.",
        _ when words.Contains("error looking up service account", StringComparison.Ordinal) =>
            "Create that service account, or name another in the pod spec override.",
        _ when words.Contains("violates PodSecurity", StringComparison.Ordinal) || words.Contains("security context constraint", StringComparison.Ordinal) =>
            "Set the security context that the namespace asks for in the pod spec override, or let the namespace take such pods.",
        _ when words.Contains("being terminated", StringComparison.Ordinal) => "The namespace is being deleted: use another one.",
        _ when words.Contains("denied the request", StringComparison.Ordinal) => "Change the pod spec override so that the admission rule lets the pod pass.",
        _ => "Ask the cluster's administrator why the cluster refuses this, or change the pod spec override.",
    };

    private static (BackendFailureReason Reason, string Advice) NotFound(ApiException failure)
    {
        if (!failure.IsNotFound)
        {
            return (BackendFailureReason.Unreachable, "Check the credential's host: what answers there does not serve the Kubernetes API at this path.");
        }

        return failure.IsAbsent("namespaces")
            ? (BackendFailureReason.InvalidSettings, "Create the namespace, or name another in metadata.namespace of the pod spec override.")
            : (BackendFailureReason.EnvironmentLost, "Somebody or something has deleted it.");
    }

    private static (BackendFailureReason Reason, string Advice) ServerFault(ApiException failure) => (BackendFailureReason.Unreachable,
        failure.Message.Contains("failed calling webhook", StringComparison.Ordinal) || failure.Message.Contains("failed calling admission webhook", StringComparison.Ordinal)
            ? "The admission webhook named there does not answer: look at what serves it."
            : "The cluster has trouble of its own; trying again later may be enough.");

    [GeneratedRegex("""cannot (?<verb>[a-z]+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?""")]
    private static partial Regex MissingPermission();
}

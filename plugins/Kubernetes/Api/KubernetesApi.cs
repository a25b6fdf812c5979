using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ContainerGroups.Kubernetes.Api.Connections;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>
/// One credential's view of one cluster: typed calls, each bounded in time and repeated where that is safe. Thread-safe, long-lived.
/// Whatever goes wrong is an <see cref="ApiException"/>.
/// </summary>
internal sealed class KubernetesApi
{
    private const int PageSize = 500;

    private readonly ApiCaller _caller;
    private readonly TimeProvider _clock;
    private readonly CallLimits _limits;

    /// <param name="server">Ends with a slash.</param>
    /// <param name="connections">Shared and kept by the one who gives it.</param>
    /// <param name="token">Put on each request.</param>
    /// <param name="clock">For deadlines and pauses.</param>
    /// <param name="limits">Null for the usual ones.</param>
    public KubernetesApi(Uri server, HttpMessageHandler connections, IAccessToken token, TimeProvider clock, CallLimits? limits = null)
    {
        Server = server;
        Invoker = new HttpMessageInvoker(new TokenHandler(token, connections), disposeHandler: false);
        _clock = clock;
        _limits = limits ?? new CallLimits();
        _caller = new ApiCaller(Invoker, server, clock, _limits);
    }

    /// <summary>The API's address, with a slash at its end; a path in it stays in front of every path of the API.</summary>
    public Uri Server { get; }

    /// <summary>For requests that are none of the calls below, upgrades above all (those must ask for exactly HTTP/1.1). Puts the token on and
    /// uses the shared connections; neither repeats nor bounds anything. Not to be disposed.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>Makes a pod. Not sent again once it may have been received, unless the cluster says that it was not done: after a lost
    /// answer <see cref="FindPodAsync"/> tells.</summary>
    public async Task<Pod> CreatePodAsync(string @namespace, JsonObject pod, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Post, Pods(@namespace)) { Body = Bytes(pod) };
        return (await CallAsync(request, KubernetesJson.Default.PodObject, cancellationToken)).ToPod();
    }

    /// <summary>What the cluster would store for a pod, after its defaults and admission, without storing it. Unknown fields are refused.</summary>
    public async Task<JsonObject> DryRunPodAsync(string @namespace, JsonObject pod, CancellationToken cancellationToken)
    {
        var path = Pods(@namespace) + "?dryRun=All&fieldValidation=Strict";
        var request = new ApiRequest(HttpMethod.Post, path) { Body = Bytes(pod), Repeatable = true };
        return await _caller.CallAsync(
            request,
            async (body, cancel) => await JsonNode.ParseAsync(body, cancellationToken: cancel) as JsonObject ?? throw new JsonException("it is no object"),
            cancellationToken);
    }

    /// <summary>Null when Kubernetes says that there is none.</summary>
    public async Task<Pod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            var request = new ApiRequest(HttpMethod.Get, PodPath(@namespace, name)) { Repeatable = true };
            return (await CallAsync(request, KubernetesJson.Default.PodObject, cancellationToken)).ToPod();
        }
        catch (ApiException e) when (e.IsAbsent("pods"))
        {
            return null;
        }
    }

    /// <summary>Every pod that the selector matches, and from where to watch on.</summary>
    public Task<PodList> ListPodsAsync(string @namespace, string labelSelector, CancellationToken cancellationToken) =>
        Pages.ReadAsync(
            (limit, token, cancel) =>
            {
                var path = $"{Pods(@namespace)}?{Selector(labelSelector)}limit={limit}{(token is null ? "" : "&continue=" + Uri.EscapeDataString(token))}";
                return CallAsync(new ApiRequest(HttpMethod.Get, path) { Repeatable = true }, KubernetesJson.Default.PodListObject, cancel);
            },
            PageSize,
            cancellationToken);

    /// <summary>
    /// Everything that happens to the pods after <paramref name="resourceVersion"/>, in order, until the server ends it (after some minutes) or
    /// falls silent. The next watch goes on from the last change's resource version.
    /// </summary>
    /// <exception cref="ApiException">The connection broke, or (<see cref="ApiException.IsExpired"/>) the version is too old: list anew.</exception>
    public async IAsyncEnumerable<PodChange> WatchPodsAsync(
        string @namespace, string labelSelector, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Spread, so that watches that began together after a restart do not end together.
        var seconds = (int)(_limits.Watch.TotalSeconds * (1 + Random.Shared.NextDouble()));
        var path = $"{Pods(@namespace)}?{Selector(labelSelector)}watch=true&allowWatchBookmarks=true"
            + $"&resourceVersion={Uri.EscapeDataString(resourceVersion)}&timeoutSeconds={seconds.ToString(CultureInfo.InvariantCulture)}";
        using var response = await _caller.OpenAsync(new ApiRequest(HttpMethod.Get, path) { Repeatable = true }, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var change in PodWatch.ReadAsync(body, Server, _clock, _limits.WatchSilence, cancellationToken))
        {
            yield return change;
        }
    }

    /// <summary>Asks for a pod's end. Success when it is absent, or when the name is another pod's by now.</summary>
    /// <param name="namespace">Where it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">The only pod to delete; null for whichever has the name.</param>
    /// <param name="grace">How long it may take to end; null for what the pod says, zero for none.</param>
    /// <param name="cancellationToken">Ends the call, not the deletion.</param>
    public async Task DeletePodAsync(string @namespace, string name, string? uid, TimeSpan? grace, CancellationToken cancellationToken)
    {
        var options = new DeleteOptions
        {
            GracePeriodSeconds = grace is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null,
            Preconditions = uid is null ? null : new Preconditions { Uid = uid },
        };
        var request = new ApiRequest(HttpMethod.Delete, PodPath(@namespace, name))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(options, KubernetesJson.Default.DeleteOptions),
            // Without a uid a second deletion may hit a pod that somebody has made after the first.
            Repeatable = uid is not null,
        };
        try
        {
            await _caller.CallAsync(request, DiscardAsync, cancellationToken);
        }
        catch (ApiException e) when (e.IsAbsent("pods"))
        {
        }
        catch (ApiException e) when (uid is not null && e.StatusCode == HttpStatusCode.Conflict)
        {
            if (await FindPodAsync(@namespace, name, cancellationToken) is { } pod && pod.Uid == uid)
            {
                throw;
            }
        }
    }

    /// <summary>What the cluster noted about a pod of that name, oldest first. The Role may not allow it.</summary>
    public async Task<IReadOnlyList<ClusterEvent>> ListEventsAsync(string @namespace, string podName, CancellationToken cancellationToken)
    {
        var selector = Uri.EscapeDataString($"involvedObject.kind=Pod,involvedObject.name={podName}");
        var path = $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/events?fieldSelector={selector}&limit={PageSize}";
        var list = await CallAsync(new ApiRequest(HttpMethod.Get, path) { Repeatable = true }, KubernetesJson.Default.EventListObject, cancellationToken);
        return [.. (list.Items ?? []).Select(item => item.ToEvent()).OrderBy(item => item.LastSeen)];
    }

    /// <summary>Whether this credential may do something.</summary>
    public async Task<AccessReview> ReviewAsync(
        string @namespace, string verb, string resource, string subresource, CancellationToken cancellationToken)
    {
        var review = AccessReviewObject.Ask(@namespace, verb, resource, subresource);
        var request = new ApiRequest(HttpMethod.Post, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(review, KubernetesJson.Default.AccessReviewObject),
            Repeatable = true,
        };
        var answer = await CallAsync(request, KubernetesJson.Default.AccessReviewObject, cancellationToken);
        return answer.Status?.Allowed is { } allowed
            ? new AccessReview { Allowed = allowed, Reason = answer.Status.Reason ?? "" }
            : throw ApiFailures.NotKubernetes(HttpStatusCode.OK, Server, "the review says neither yes nor no");
    }

    /// <summary>Whom the cluster takes this credential for; null where it can't be asked (before 1.28).</summary>
    public async Task<string?> UserNameAsync(CancellationToken cancellationToken)
    {
        var review = new SubjectReviewObject { ApiVersion = "authentication.k8s.io/v1", Kind = "SelfSubjectReview" };
        var request = new ApiRequest(HttpMethod.Post, "apis/authentication.k8s.io/v1/selfsubjectreviews")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(review, KubernetesJson.Default.SubjectReviewObject),
            Repeatable = true,
        };
        return (await UnlessHiddenAsync(request, KubernetesJson.Default.SubjectReviewObject, cancellationToken))?.Status?.UserInfo?.Username;
    }

    /// <summary>The cluster's version; null where it hides it.</summary>
    /// <exception cref="ApiException">What answers is no Kubernetes, among others.</exception>
    public async Task<string?> VersionAsync(CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, "version") { Repeatable = true };
        var answer = await UnlessHiddenAsync(request, KubernetesJson.Default.VersionObject, cancellationToken);
        return answer is null
            ? null
            : answer.GitVersion ?? throw ApiFailures.NotKubernetes(HttpStatusCode.OK, Server, "its version has no gitVersion");
    }

    /// <summary>Whether the namespace exists; null where the Role does not let that be asked.</summary>
    public async Task<bool?> NamespaceExistsAsync(string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            var request = new ApiRequest(HttpMethod.Get, $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}") { Repeatable = true };
            return await _caller.CallAsync(request, DiscardAsync, cancellationToken);
        }
        catch (ApiException e) when (e.IsAbsent("namespaces"))
        {
            return false;
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    private async Task<T?> UnlessHiddenAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await CallAsync(request, type, cancellationToken);
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private Task<T> CallAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => _caller.CallAsync(
            request,
            async (body, cancel) => await JsonSerializer.DeserializeAsync(body, type, cancel) ?? throw new JsonException("it is null"),
            cancellationToken);

    /// <summary>Reads to the end, so that the connection stays good for the next call.</summary>
    private static async Task<bool> DiscardAsync(Stream body, CancellationToken cancellationToken)
    {
        await body.CopyToAsync(Stream.Null, cancellationToken);
        return true;
    }

    private static string Pods(string @namespace) => $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods";

    private static string PodPath(string @namespace, string name) => $"{Pods(@namespace)}/{Uri.EscapeDataString(name)}";

    private static string Selector(string labels) => labels.Length == 0 ? "" : $"labelSelector={Uri.EscapeDataString(labels)}&";

    private static byte[] Bytes(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Access;
using ContainerGroups.Kubernetes.Simulation.Exec;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>What happens to every request, in the order of the real server: who, may they, then what.</summary>
internal sealed class ClusterApi(
    Accounts accounts,
    RequestCounts counts,
    FaultPlan faults,
    PodEndpoints podEndpoints,
    WatchEndpoint watch,
    ExecEndpoint exec,
    OtherEndpoints others,
    SimulationOptions options)
{
    public async Task AnswerAsync(HttpContext http)
    {
        var request = ResourceRequest.From(http.Request);
        var kind = request?.Kind ?? (http.Request.Path.Value is "/version" or "/version/" ? RequestKind.Version : RequestKind.Other);
        counts.Add(kind);
        options.Received?.Invoke(kind, request?.Name);
        try
        {
            await faults.ApplyAsync(http, kind);
            await AnswerAsync(http, request);
        }
        catch (StatusException refusal) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, refusal);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to tell.
        }
    }

    private async Task AnswerAsync(HttpContext http, ResourceRequest? request)
    {
        var identity = accounts.Authenticate(http.Request.Headers.Authorization.FirstOrDefault()) ?? throw Statuses.Unauthorized();
        if (request is null)
        {
            await others.AnswerPathAsync(http, identity);
            return;
        }

        Authorize(identity, request);
        await ((request.FullResource, request.Verb) switch
        {
            ("pods", "create") => podEndpoints.CreateAsync(http, request),
            ("pods", "get") => podEndpoints.GetAsync(http, request),
            ("pods", "list") => podEndpoints.ListAsync(http, request),
            ("pods", "watch") => watch.AnswerAsync(http, request),
            ("pods", "patch") => podEndpoints.PatchAsync(http, request),
            ("pods", "delete") => podEndpoints.DeleteAsync(http, request),
            ("pods/exec", _) => exec.AnswerAsync(http, request, identity),
            _ => others.AnswerAsync(http, request, identity),
        });
    }

    private void Authorize(Identity identity, ResourceRequest request)
    {
        if (!accounts.MayUse(identity, request.Verb, request.FullResource, request.Namespace))
        {
            throw Refusal(identity, request);
        }
    }

    internal static StatusException Refusal(Identity identity, ResourceRequest request)
    {
        var where = request.Namespace is null ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        var resource = request.Resource + (request.Subresource == "" ? "" : "/" + request.Subresource);
        return Statuses.Forbidden(
            request.Resource,
            request.Name,
            $"User \"{identity.User}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.Group}\" {where}",
            request.Group);
    }

    private static Task RefuseAsync(HttpContext http, StatusException refusal)
    {
        if (refusal.RetryAfter is { } delay)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString("0");
        }

        return http.AnswerAsync(refusal.Code, refusal.ToStatus());
    }
}

internal static class Answers
{
    public static Task AnswerAsync(this HttpContext http, int code, JsonObject body) => http.AnswerAsync(code, JsonSerializer.SerializeToUtf8Bytes(body));

    public static async Task AnswerAsync(this HttpContext http, int code, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }
}

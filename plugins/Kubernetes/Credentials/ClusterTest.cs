using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api.Connections;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>Tries a credential at its cluster: does the API answer, does it know the token, may the token do what jobs need.</summary>
internal static class ClusterTest
{
    /// <summary>What a job in a pod takes: the verbs of the Role that the documentation gives.</summary>
    private static readonly (string Verb, string Resource, string Subresource)[] Needed =
    [
        ("create", "pods", ""), ("get", "pods", ""), ("list", "pods", ""), ("watch", "pods", ""), ("delete", "pods", ""), ("create", "pods", "exec"),
    ];

    private const string DefaultNamespace = "default";

    public static async Task<ConnectionTest> RunAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        if (BearerTokenRules.Endpoint(inputs.GetString(BearerTokenType.Host) ?? "") is not { } endpoint
            || inputs.GetString(BearerTokenType.Token) is not { Length: > 0 } token)
        {
            return new ConnectionTest { Message = "The values host and bearer_token are needed." };
        }

        var tls = ClusterTls.Options(inputs.GetString(BearerTokenType.Authority), inputs.GetBoolean(BearerTokenType.VerifySsl) ?? true);
        using var connections = new SocketsHttpHandler { SslOptions = tls, AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(connections) { BaseAddress = endpoint };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await AskAsync(client, token, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return new ConnectionTest { Reachable = false, Message = Unreachable(endpoint, e) };
        }
        catch (JsonException)
        {
            return new ConnectionTest { Reachable = true, Message = $"{endpoint.Authority} answers, but not as a Kubernetes API does; check the value host." };
        }
    }

    private static async Task<ConnectionTest> AskAsync(HttpClient client, string token, CancellationToken cancellationToken)
    {
        using var version = await client.GetAsync("version", cancellationToken);
        var host = client.BaseAddress!.Authority;
        if (version.StatusCode == HttpStatusCode.Unauthorized)
        {
            return Refused(host);
        }

        // Clusters may hide their version from everybody; who is asking shows at the reviews.
        var details = version.IsSuccessStatusCode ? await VersionAsync(version, cancellationToken) : [];
        var (@namespace, user) = ServiceAccount(token);
        details["namespace"] = @namespace;
        if (user is not null)
        {
            details["user"] = user;
        }

        var missing = new List<string>();
        foreach (var (verb, resource, subresource) in Needed)
        {
            var (status, allowed) = await ReviewAsync(client, @namespace, (verb, resource, subresource), cancellationToken);
            if (status == HttpStatusCode.Unauthorized)
            {
                return Refused(host);
            }

            if (allowed is null)
            {
                return new ConnectionTest
                {
                    Reachable = true,
                    Authenticated = status == HttpStatusCode.Forbidden ? true : null,
                    Message = $"{host} answers {(int)status} when it is asked what the token may do, so that is not known.",
                    Details = details,
                };
            }

            if (allowed == false)
            {
                missing.Add($"{verb} {resource}{(subresource.Length > 0 ? "/" + subresource : "")}");
            }
        }

        return new ConnectionTest
        {
            Reachable = true,
            Authenticated = true,
            MissingPermissions = missing,
            Details = details,
            Message = missing.Count == 0
                ? $"The cluster answers, knows the token, and lets it do all that jobs need in namespace {@namespace}."
                : $"The cluster answers and knows the token, but in namespace {@namespace} it may not: {string.Join(", ", missing)}. "
                    + "Give its service account a Role with these verbs.",
        };
    }

    private static ConnectionTest Refused(string host) => new()
    {
        Reachable = true,
        Authenticated = false,
        Message = $"The cluster at {host} answers and refuses the token: it may have expired, been deleted, or be of another cluster.",
    };

    private static async Task<Dictionary<string, string>> VersionAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("gitVersion", out var version)
            ? new() { ["version"] = version.ToString() }
            : throw new JsonException();
    }

    /// <summary>Asks the cluster about its own caller; allowed is null when it doesn't say.</summary>
    private static async Task<(HttpStatusCode Status, bool? Allowed)> ReviewAsync(
        HttpClient client, string @namespace, (string Verb, string Resource, string Subresource) access, CancellationToken cancellationToken)
    {
        var review = new
        {
            apiVersion = "authorization.k8s.io/v1",
            kind = "SelfSubjectAccessReview",
            spec = new { resourceAttributes = new { @namespace, verb = access.Verb, resource = access.Resource, subresource = access.Subresource } },
        };
        using var response = await client.PostAsJsonAsync("apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return (response.StatusCode, null);
        }

        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        return json.RootElement.TryGetProperty("status", out var status) && status.TryGetProperty("allowed", out var allowed)
            ? (response.StatusCode, allowed.ValueKind == JsonValueKind.True)
            : throw new JsonException();
    }

    /// <summary>Whom a service account's token names, and in which namespace; other tokens say nothing.</summary>
    private static (string Namespace, string? User) ServiceAccount(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return (DefaultNamespace, null);
        }

        try
        {
            using var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
            var user = claims.RootElement.TryGetProperty("sub", out var subject) ? subject.GetString() : null;
            var words = (user ?? "").Split(':');
            return words is ["system", "serviceaccount", var own, _] ? (own, user) : (DefaultNamespace, user);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return (DefaultNamespace, null);
        }
    }

    private static string Unreachable(Uri endpoint, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"The name {endpoint.Host} is not known; check the value host.",
        HttpRequestError.SecureConnectionError =>
            $"The certificate of {endpoint.Authority} is not trusted: {e.InnerException?.Message ?? e.Message} "
            + "Give the cluster's CA in ssl_ca_cert, or check that host is the name in its certificate.",
        HttpRequestError.ConnectionError => $"Nothing answers at {endpoint.Authority}: {e.InnerException?.Message ?? e.Message}.",
        _ => $"{endpoint.Authority} can't be asked: {e.Message}",
    };
}

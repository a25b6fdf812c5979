using System.Globalization;
using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>Tries a credential at its cluster: does the API answer, whom does it take the token for, may the token do what jobs need.</summary>
internal static class ClusterTest
{
    private const string DefaultNamespace = "default";

    public static async Task<ConnectionTest> RunAsync(InputValues inputs, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (BearerTokenRules.Endpoint(inputs.GetString(BearerTokenType.Host) ?? "") is not { } server
            || inputs.GetString(BearerTokenType.Token) is not { Length: > 0 } token)
        {
            return new ConnectionTest { Message = "The values host and bearer_token are needed." };
        }

        // Connections of its own: what is tried may be wrong, and is to be tried from the first handshake on.
        using var connections = ClusterConnections.Open(KubernetesApis.Address(server, inputs));
        return await RunAsync(
            new KubernetesApi(server, connections, new FixedToken(token), clock, CallLimits.Probe), TokenClaims.Read(token), null, cancellationToken);
    }

    /// <param name="api">The view of the cluster that is tried.</param>
    /// <param name="claims">What the token says of itself.</param>
    /// <param name="namespace">Where jobs are to run; null for the service account's own namespace.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async Task<ConnectionTest> RunAsync(KubernetesApi api, TokenClaims claims, string? @namespace, CancellationToken cancellationToken)
    {
        var server = api.Server;
        try
        {
            return await AskAsync(api, claims, @namespace, cancellationToken);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new ConnectionTest
            {
                Reachable = true,
                Authenticated = false,
                Message = $"The cluster at {server.Authority} answers and refuses the token: it may have expired, been deleted, or be of another cluster.",
            };
        }
        catch (ApiException e) when (e.StatusCode is null)
        {
            return new ConnectionTest { Reachable = false, Message = $"{FailureAdvice.AsSentence(e.Message)} {FailureAdvice.For(e).Advice}" };
        }
        catch (ApiException e)
        {
            return new ConnectionTest { Reachable = true, Message = $"{e.Message}; check the value host." };
        }
    }

    private static async Task<ConnectionTest> AskAsync(KubernetesApi api, TokenClaims claims, string? wanted, CancellationToken cancellationToken)
    {
        var details = new Dictionary<string, string>();
        if (await UnlessRefusedAsync(api.VersionAsync(cancellationToken)) is { } version)
        {
            details["version"] = version;
        }

        var user = await UnlessRefusedAsync(api.UserNameAsync(cancellationToken)) ?? claims.UserName;
        var @namespace = wanted ?? TokenClaims.NamespaceOf(user) ?? DefaultNamespace;
        details["namespace"] = @namespace;
        if (user is not null)
        {
            details["user"] = user;
        }

        if (claims.Expires is { } expires)
        {
            details["token_expires"] = expires.ToString("u", CultureInfo.InvariantCulture);
        }

        try
        {
            var missing = await JobPermissions.FindMissingAsync(api, @namespace, cancellationToken);
            return new ConnectionTest
            {
                Reachable = true,
                Authenticated = true,
                MissingPermissions = [.. missing.Select(permission => permission.ToString())],
                Message = Verdict(missing, @namespace, user),
                Details = details,
            };
        }
        catch (ApiException e) when ((int?)e.StatusCode >= 400 && e.StatusCode != HttpStatusCode.Unauthorized)
        {
            return new ConnectionTest
            {
                Reachable = true,
                Authenticated = e.StatusCode == HttpStatusCode.Forbidden ? true : null,
                Message = $"{api.Server.Authority} answers {(int)e.StatusCode!} when it is asked what the token may do, so that is not known: "
                    + FailureAdvice.AsSentence(e.Message),
                Details = details,
            };
        }
    }

    /// <summary>Clusters may hide their version and refuse to say who is asking; whether the token is good shows at the reviews.</summary>
    private static async Task<string?> UnlessRefusedAsync(Task<string?> answer)
    {
        try
        {
            return await answer;
        }
        catch (ApiException e) when ((int?)e.StatusCode >= 400 && e.StatusCode != HttpStatusCode.Unauthorized)
        {
            return null;
        }
    }

    private static string Verdict(IReadOnlyList<Permission> missing, string @namespace, string? user)
    {
        var known = user is null ? "knows the token" : $"knows the token as {user}";
        return missing.Count == 0
            ? $"The cluster answers, {known}, and lets it do all that jobs need in namespace {@namespace}."
            : $"The cluster answers and {known}, but in namespace {@namespace} it may not: {string.Join(", ", missing)}. "
                + $"Add to its Role there: {JobPermissions.RoleRules(missing)}.";
    }
}

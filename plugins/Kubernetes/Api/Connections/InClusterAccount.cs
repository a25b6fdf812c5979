namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>The service account of the pod in which this server runs: where the cluster is, its CA, its token that rotates.</summary>
internal sealed class InClusterAccount(Func<string, string?> variable, string directory, TimeProvider clock)
{
    private readonly TokenFile _token = new(Path.Combine(directory, "token"), clock);

    public static InClusterAccount OfThisProcess(TimeProvider clock) =>
        new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount", clock);

    /// <summary>Null outside of a cluster.</summary>
    public string? Namespace => TryReadFile("namespace")?.Trim();

    /// <summary>Null outside of a cluster, and in a pod without the token of its account.</summary>
    public (ClusterAddress Address, IAccessToken Token)? TryRead()
    {
        var host = variable("KUBERNETES_SERVICE_HOST");
        if (host is not { Length: > 0 } || !File.Exists(Path.Combine(directory, "token")))
        {
            return null;
        }

        var port = variable("KUBERNETES_SERVICE_PORT") is { Length: > 0 } given ? given : "443";
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return (new ClusterAddress(new Uri($"https://{bracketed}:{port}/"), TryReadFile("ca.crt")?.Trim(), VerifyTls: true), _token);
    }

    private string? TryReadFile(string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            // Outside of a cluster there is none, every time.
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>A way to ask for an exec, and to speak once it is granted.</summary>
internal abstract class ExecProtocol
{
    /// <summary>For messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the process is started with the answer, which may be lost; else not before the session begins.</summary>
    public abstract bool StartsWithAnswer { get; }

    /// <summary>Asks for the upgrade of an HTTP/1.1 connection.</summary>
    public abstract HttpRequestMessage Request(Uri address);

    /// <summary>What is wrong with an answer that grants an upgrade; null for nothing.</summary>
    public abstract string? Objection(HttpRequestMessage request, HttpResponseMessage answer);

    /// <summary>The session on a granted connection. Disposes of the connection when it fails.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public abstract Task<ExecSession> BeginAsync(HttpResponseMessage answer, Stream connection, bool stdin, TimeProvider clock, CancellationToken cancellationToken);

    protected static HttpRequestMessage Upgrade(HttpMethod method, Uri address, string protocol)
    {
        var request = new HttpRequestMessage(method, address)
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Connection.Add("Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", protocol);
        return request;
    }

    protected static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}

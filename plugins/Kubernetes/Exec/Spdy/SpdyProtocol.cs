using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec.Spdy;

/// <summary>SPDY/3.1 by POST, which takes the permission <c>create pods/exec</c>.</summary>
internal sealed class SpdyProtocol : ExecProtocol
{
    private const string Version = "v4.channel.k8s.io";
    private const string VersionHeader = "X-Stream-Protocol-Version";

    public override string Name => "SPDY";

    /// <summary>The other side waits for the streams first.</summary>
    public override bool StartsWithAnswer => false;

    public override HttpRequestMessage Request(Uri address)
    {
        var request = Upgrade(HttpMethod.Post, address, "SPDY/3.1");
        request.Headers.Add(VersionHeader, Version);
        return request;
    }

    public override string? Objection(HttpRequestMessage request, HttpResponseMessage answer) => Header(answer, VersionHeader) switch
    {
        Version => null,
        var other => $"it speaks {other ?? "no known version"} where {Version} was asked for",
    };

    public override async Task<ExecSession> BeginAsync(
        HttpResponseMessage answer, Stream connection, bool stdin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var upgraded = new UpgradedConnection(connection, SpdyFrames.Ping, clock);
        try
        {
            await upgraded.WriteAsync(SpdyFrames.Opening(stdin), cancellationToken);
            return new SpdySession(upgraded, stdin, clock);
        }
        catch
        {
            await upgraded.DisposeAsync();
            throw;
        }
    }
}

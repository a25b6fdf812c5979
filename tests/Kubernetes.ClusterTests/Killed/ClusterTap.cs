using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Kubernetes.ClusterTests.Killed;

/// <summary>
/// Stands between a host and a cluster, by a certificate of its own, and tells of each request that changes something there: before
/// the cluster gets it, and before the host gets the answer. All else passes byte for byte.
/// </summary>
internal sealed partial class ClusterTap : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;

    public ClusterTap(Cluster cluster)
    {
        _cluster = cluster;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tap", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        AuthorityPem = made.ExportCertificatePem();
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public string AuthorityPem { get; }

    /// <summary>Is told of each step as "before create"; when it answers false, the connection ends there, as that of a dead host does.</summary>
    public Func<string, bool> OnStep { get; set; } = _ => true;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections.Keys]);
        _listener.Dispose();
        _certificate.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                var connection = ServeAsync(client);
                _connections.TryAdd(connection, true);
                _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out var _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // It was disposed of.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_cluster.Url.Host, _cluster.Url.Port, closing.Token);
                await using var near = new SslStream(client.GetStream());
                await near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, closing.Token);
                await using var far = new SslStream(server.GetStream());
                var trust = Cluster.Trust(_cluster.AuthorityPem);
                trust.TargetHost = _cluster.Url.Host;
                await far.AuthenticateAsClientAsync(trust, closing.Token);
                var asked = new Asked();
                await Task.WhenAny(
                    PumpAsync(near, far, data => PassRequest(asked, data), closing.Token),
                    PumpAsync(far, near, _ => asked.Take() is not { } kind || OnStep($"after {kind}"), closing.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // One of the two sides has gone.
            }

            await closing.CancelAsync();
        }
    }

    private bool PassRequest(Asked asked, ReadOnlyMemory<byte> data)
    {
        if (asked.IsRaw || KindOf(data.Span) is not { } kind)
        {
            return true;
        }

        // What follows an exec's request are its frames.
        asked.Put(kind, isRaw: kind == "exec");
        return OnStep($"before {kind}");
    }

    /// <summary>A client that doesn't pipeline begins each request with a write of its own.</summary>
    private static string? KindOf(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf("\r\n"u8);
        var line = end < 0 ? "" : Encoding.ASCII.GetString(data[..end]);
        return Exec().IsMatch(line) ? "exec" : Create().IsMatch(line) ? "create" : Delete().IsMatch(line) ? "delete" : null;
    }

    private static async Task PumpAsync(Stream from, Stream to, Func<ReadOnlyMemory<byte>, bool> passes, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read && passes(buffer.AsMemory(0, read)))
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other way ends with this one.
        }
    }

    [GeneratedRegex(@"^(GET|POST) /api/v1/namespaces/[^/]+/pods/[^/]+/exec\?")]
    private static partial Regex Exec();

    [GeneratedRegex(@"^POST /api/v1/namespaces/[^/]+/pods[ ?]")]
    private static partial Regex Create();

    [GeneratedRegex(@"^DELETE /api/v1/namespaces/[^/]+/pods/")]
    private static partial Regex Delete();

    /// <summary>What one connection was asked and has not answered.</summary>
    private sealed class Asked
    {
        private string? _kind;

        public bool IsRaw { get; private set; }

        public void Put(string kind, bool isRaw)
        {
            IsRaw = isRaw;
            _kind = kind;
        }

        public string? Take() => Interlocked.Exchange(ref _kind, null);
    }
}

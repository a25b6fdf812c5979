using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api.Connections;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>
/// Hands out the view that a credential has of its cluster: the same one for the same values and version, as long as anybody uses it.
/// Views of one cluster share its connections, never a token. What nobody has asked for within <see cref="Idle"/> is forgotten, the
/// token with it; connections close by themselves once nobody uses them.
/// </summary>
internal sealed class KubernetesApis(PluginContext context) : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, View> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<ClusterAddress, WeakReference<SocketsHttpHandler>> _connections = [];
    private readonly InClusterAccount _own = InClusterAccount.OfThisProcess(context.Clock);
    private bool _disposed;

    /// <summary>The view of a credential; without one, that of the pod in which this server runs.</summary>
    /// <exception cref="BackendException">The credential lacks a value, or there is none and this server runs outside of a cluster.</exception>
    public KubernetesApi For(InputValues credential, string credentialVersion)
    {
        var isOwn = credential.Ids.Count == 0;
        var (address, token) = isOwn ? Own() : Given(credential);
        var key = Key(address, token.Identity, credentialVersion);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ForgetIdle();
            if (!_views.TryGetValue(key, out var view) || view.Api is not { } api)
            {
                if (!isOwn)
                {
                    Check(address);
                }

                api = new KubernetesApi(address.Server, Connections(address), token, context.Clock);
                _views[key] = view = new View(api);
            }

            view.Use(api, context.Clock.GetTimestamp());
            return api;
        }
    }

    /// <summary>The namespace of the pod in which this server runs; null outside of a cluster.</summary>
    public string? OwnNamespace => _own.Namespace;

    /// <summary>How to connect to the server of a credential.</summary>
    public static ClusterAddress Address(Uri server, InputValues credential)
    {
        var verify = credential.GetBoolean(BearerTokenType.VerifySsl) ?? true;
        var authorities = verify && credential.GetString(BearerTokenType.Authority) is { Length: > 0 } pem ? pem.Trim() : null;
        return new ClusterAddress(server, authorities, verify);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var weak in _connections.Values)
            {
                if (weak.TryGetTarget(out var connections))
                {
                    connections.Dispose();
                }
            }

            _views.Clear();
            _connections.Clear();
        }
    }

    private (ClusterAddress Address, IAccessToken Token) Own() => _own.TryRead() ?? throw new BackendException(
        BackendFailureReason.InvalidSettings,
        "The group has no credential, and this server does not run in a cluster whose service account it could use. "
        + "Associate a credential of type OpenShift or Kubernetes API Bearer Token with the group.");

    private static (ClusterAddress Address, IAccessToken Token) Given(InputValues credential)
    {
        if (BearerTokenRules.Endpoint(credential.GetString(BearerTokenType.Host) ?? "") is not { } server
            || credential.GetString(BearerTokenType.Token) is not { Length: > 0 } token)
        {
            throw new BackendException(BackendFailureReason.InvalidSettings, "The credential needs its values host and bearer_token.");
        }

        return (Address(server, credential), new FixedToken(token));
    }

    /// <summary>Once for a view: reading certificates costs more than most calls that a job makes.</summary>
    private static void Check(ClusterAddress address)
    {
        if (address.Authorities is { } pem && BearerTokenRules.TryReadAuthorities(pem, out var fault) is null)
        {
            throw new BackendException(BackendFailureReason.InvalidSettings, $"The credential's ssl_ca_cert can't be used. {fault}");
        }
    }

    private SocketsHttpHandler Connections(ClusterAddress address)
    {
        if (_connections.TryGetValue(address, out var weak) && weak.TryGetTarget(out var shared))
        {
            return shared;
        }

        var connections = ClusterConnections.Open(address);
        _connections[address] = new WeakReference<SocketsHttpHandler>(connections);
        return connections;
    }

    private void ForgetIdle()
    {
        var now = context.Clock.GetTimestamp();
        foreach (var (key, view) in _views)
        {
            if (view.ForgetIfIdle(now, context.Clock, Idle))
            {
                _views.Remove(key);
            }
        }
    }

    /// <summary>A hash, so that no list of keys holds a token.</summary>
    private static string Key(ClusterAddress address, string identity, string version) => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{address.Server}\n{address.VerifyTls}\n{address.Authorities}\n{version}\n{identity}")));

    /// <summary>Held while it is asked for now and then, and longer only by those who use it.</summary>
    private sealed class View(KubernetesApi api)
    {
        private readonly WeakReference<KubernetesApi> _weak = new(api);
        private KubernetesApi? _held;
        private long _used;

        public KubernetesApi? Api => _weak.TryGetTarget(out var api) ? api : null;

        public void Use(KubernetesApi used, long now) => (_held, _used) = (used, now);

        /// <summary>True when nobody uses it any more.</summary>
        public bool ForgetIfIdle(long now, TimeProvider clock, TimeSpan idle)
        {
            if (clock.GetElapsedTime(_used, now) > idle)
            {
                _held = null;
            }

            return _held is null && !_weak.TryGetTarget(out _);
        }
    }
}

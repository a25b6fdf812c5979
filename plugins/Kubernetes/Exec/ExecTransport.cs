using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec.Spdy;
using ContainerGroups.Kubernetes.Exec.WebSockets;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>
/// Opens execs by the first protocol that is let through: a WebSocket, else SPDY. Roles and proxies differ in which, so what worked
/// is tried first the next time, per credential and namespace, until it is refused.
/// </summary>
internal sealed class ExecTransport(TimeProvider clock)
{
    /// <summary>No further try begins later than this after the first.</summary>
    private static readonly TimeSpan Repeats = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private static readonly WebSocketProtocol WebSocket = new();
    private static readonly SpdyProtocol Spdy = new();
    private static readonly ExecProtocol[] WebSocketFirst = [WebSocket, Spdy];
    private static readonly ExecProtocol[] SpdyFirst = [Spdy, WebSocket];

    /// <summary>By namespace; goes with its view of the cluster, and so with a change of the credential.</summary>
    private readonly ConditionalWeakTable<KubernetesApi, ConcurrentDictionary<string, ExecProtocol>> _worked = [];

    /// <summary>
    /// Starts a process in a container. Asked again for about ten seconds while the cluster is busy or out of reach, but never once the
    /// process may have been started: an answer that was lost is a transient <see cref="ApiException"/>, and the caller knows whether
    /// its command may run twice.
    /// </summary>
    /// <exception cref="ApiException">Refused, in Kubernetes' own words; those of both protocols where both were refused.</exception>
    public async Task<ExecSession> OpenAsync(
        KubernetesApi api,
        string @namespace,
        string pod,
        string container,
        IReadOnlyList<string> command,
        bool stdin,
        CancellationToken cancellationToken)
    {
        var call = new ExecCall { Namespace = @namespace, Pod = pod, Container = container, Command = command, Stdin = stdin };
        var opening = new ExecOpening(api, call, clock);
        var worked = _worked.GetOrCreateValue(api);
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            var (session, refusal) = await TryAsync(opening, @namespace, worked, cancellationToken);
            if (session is not null)
            {
                return session;
            }

            var wait = Wait(pause, refusal!.Failure.RetryAfter);
            if (!refusal.MayRepeat || clock.GetElapsedTime(began) + wait > Repeats)
            {
                throw refusal.Failure;
            }

            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    private static async Task<(ExecSession? Session, ExecRefusal? Refusal)> TryAsync(
        ExecOpening opening, string @namespace, ConcurrentDictionary<string, ExecProtocol> worked, CancellationToken cancellationToken)
    {
        var protocols = worked.GetValueOrDefault(@namespace) == Spdy ? SpdyFirst : WebSocketFirst;
        var refusals = new List<(ExecProtocol Protocol, ExecRefusal Refusal)>();
        foreach (var protocol in protocols)
        {
            var (session, refusal) = await opening.TryAsync(protocol, cancellationToken);
            if (session is not null)
            {
                worked[@namespace] = protocol;
                return (session, null);
            }

            if (!refusal!.IsOfProtocol)
            {
                return (null, refusal);
            }

            worked.TryRemove(new KeyValuePair<string, ExecProtocol>(@namespace, protocol));
            refusals.Add((protocol, refusal));
        }

        // SPDY's last, whichever was asked first: its permission is the one that every release wants.
        return (null, ExecRefusal.OfAll([.. refusals.OrderBy(each => Array.IndexOf(WebSocketFirst, each.Protocol))]));
    }

    /// <summary>Spread, so that those who were refused together do not come back together.</summary>
    private static TimeSpan Wait(TimeSpan pause, TimeSpan? asked)
    {
        var own = pause * (0.5 + (Random.Shared.NextDouble() / 2));
        return asked is { } given && given > own ? given + (own / 2) : own;
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Notifications.Webhooks;

/// <summary>Where webhooks may go. Addresses are looked at when a connection is made, so that a name that changes its mind changes nothing.</summary>
internal sealed class WebhookAddresses(IOptions<NotificationsOptions> options)
{
    /// <summary>The link's own: machines of clouds are given their secrets there.</summary>
    private static readonly IPNetwork[] LinkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    private readonly IPNetwork[] _blocked = [.. LinkLocal, .. options.Value.BlockedNetworks.Select(IPNetwork.Parse)];

    /// <summary>Why nothing is sent there; null when it may be.</summary>
    public string? FaultOf(Uri url)
    {
        var allowed = options.Value.AllowedHosts;
        return allowed.Count == 0 || allowed.Any(pattern => Matches(pattern, url.IdnHost))
            ? null
            : $"{url.IdnHost} is not among the hosts of Notifications:AllowedHosts.";
    }

    /// <summary>Connects to one of the addresses that are not blocked.</summary>
    /// <exception cref="WebhookRefusedException">All are.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var open = addresses.Where(address => !IsBlocked(address)).ToArray();
        if (open.Length == 0)
        {
            throw new WebhookRefusedException($"{host} is in a network that nothing is sent to (Notifications:BlockedNetworks).");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsBlocked(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _blocked.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }

    private static bool Matches(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}

/// <summary>It is not sent, now or later.</summary>
internal sealed class WebhookRefusedException(string message) : Exception(message);

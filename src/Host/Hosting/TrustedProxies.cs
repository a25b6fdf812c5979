using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>The setting <c>Proxies</c>: whose word on where a request comes from counts. Nobody's unless it is set.</summary>
internal static class TrustedProxies
{
    /// <summary>What is wrong with the setting, naming it; null when nothing is.</summary>
    public static string? Fault(IEnumerable<string> proxies) => proxies.FirstOrDefault(proxy => !TryParse(proxy, out _)) is { } wrong
        ? $"Proxies: {wrong} is neither an address nor a network such as 10.0.0.0/8."
        : null;

    public static void Configure(ForwardedHeadersOptions forwarded, IOptions<HostingOptions> hosting)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.ForwardedHeaders = ForwardedHeaders.None;
        foreach (var proxy in hosting.Value.Proxies)
        {
            if (TryParse(proxy, out var network))
            {
                // As far back as those who pass it on are known.
                (forwarded.ForwardedHeaders, forwarded.ForwardLimit) = (ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, null);
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }

    private static bool TryParse(string proxy, out System.Net.IPNetwork network)
    {
        if (IPAddress.TryParse(proxy, out var address))
        {
            network = new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return System.Net.IPNetwork.TryParse(proxy, out network);
    }
}

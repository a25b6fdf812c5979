using System.Net;

namespace ContainerGroups.Host.Hosting;

/// <summary>The setting <c>Urls</c>, checked before Kestrel stumbles over it.</summary>
internal static class ListenAddresses
{
    /// <summary>What is wrong with the setting, naming it; null when it can be listened on.</summary>
    public static string? Fault(string? urls)
    {
        var parts = urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return parts.Length == 0
            ? $"{ConfigurationKeys.Urls} names no address to listen on."
            : parts.Select(FaultOf).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return $"{ConfigurationKeys.Urls}: {url} is not an address such as https://127.0.0.1:8043.";
        }

        if (address.Scheme.ToLowerInvariant() is not ("http" or "https"))
        {
            return $"{ConfigurationKeys.Urls}: {url} begins neither with https:// nor with http://.";
        }

        return address.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort
            ? $"{ConfigurationKeys.Urls}: {url} has no port between {IPEndPoint.MinPort} and {IPEndPoint.MaxPort}."
            : null;
    }
}

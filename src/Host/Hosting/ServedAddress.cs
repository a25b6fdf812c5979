using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ContainerGroups.Host.Hosting;

/// <summary>Where the server listens, once it does: told in the log, and to commands on this machine by a file.</summary>
internal sealed partial class ServedAddress(IServer server, ServedCertificate certificate, ILogger<ServedAddress> log)
{
    public void Publish(string dataDirectory)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (addresses.FirstOrDefault() is not { } first)
        {
            return;
        }

        Write(Reachable(first), dataDirectory);
        certificate.Replaced += (_, _) => Write(Reachable(first), dataDirectory);
        Listening(string.Join(", ", addresses), dataDirectory);
    }

    private void Write(string url, string dataDirectory) => new ServerFile
    {
        Url = url,
        CertificateSha256 = IsHttps(url) ? certificate.Current.Certificate.GetCertHashString(HashAlgorithmName.SHA256) : null,
        ProcessId = Environment.ProcessId,
    }.Write(dataDirectory);

    /// <summary>A server that listens everywhere is reached on the loopback interface.</summary>
    internal static string Reachable(string address)
    {
        var binding = BindingAddress.Parse(address);
        var everywhere = binding.Host is "+" or "*" || (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip)
            && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return $"{binding.Scheme}://{(everywhere ? "127.0.0.1" : binding.Host)}:{binding.Port}";
    }

    private static bool IsHttps(string url) => url.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Addresses}, data in {DataDirectory}")]
    private partial void Listening(string addresses, string dataDirectory);
}

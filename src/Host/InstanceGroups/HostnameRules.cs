using System.Net;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>AWX's rules for the hostname of an instance.</summary>
internal static partial class HostnameRules
{
    private const string Loopback = "hostname cannot be localhost or 127.0.0.1";

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Check(string hostname) => hostname switch
    {
        _ when IsLoopback(hostname) => Loopback,
        _ when hostname.Any(char.IsWhiteSpace) => "whitespaces in hostnames are illegal",
        _ when IPv4().IsMatch(hostname) || (hostname.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(hostname, out _)) => null,
        _ when Names().IsMatch(hostname) => null,
        _ => $"illegal characters detected in hostname={hostname}. Please verify.",
    };

    private static bool IsLoopback(string hostname) =>
        hostname.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || LoopbackV4().IsMatch(hostname)
        || (hostname.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(hostname, out var address) && IPAddress.IsLoopback(address));

    [GeneratedRegex(@"^127(?:\.[0-9]{1,3}){1,3}\z")]
    private static partial Regex LoopbackV4();

    [GeneratedRegex(@"^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?!$)|$)){4}\z")]
    private static partial Regex IPv4();

    // One label, or labels of which the last has at least two characters.
    [GeneratedRegex(@"^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}|(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.)+[A-Za-z0-9-]{2,63})\z")]
    private static partial Regex Names();
}

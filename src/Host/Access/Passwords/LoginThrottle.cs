using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Passwords;

/// <summary>
/// Counts failed logins in a sliding window, by user name and by address, and says how long the next attempt has to wait: a second
/// after the last free failure, then twice as long with each. It is kept in the memory of this host. Somebody who guesses at another's
/// name does not keep its owner out: an address from which the user has logged in before is counted by itself.
/// </summary>
internal sealed class LoginThrottle(IOptions<LoginOptions> options, TimeProvider clock)
{
    /// <summary>How long an address stays known for a user.</summary>
    private static readonly TimeSpan Familiar = TimeSpan.FromDays(1);

    private const int MaxNameLength = 150;

    private readonly Lock _gate = new();
    private readonly RecentEvents _failures = new(options.Value.FailureWindow);
    private readonly RecentEvents _successes = new(Familiar);

    /// <summary>How long to wait before this name may be tried from this address; zero for not at all.</summary>
    public TimeSpan Delay(string username, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var byName = DelayOf(NameKey(username, address, now), options.Value.FreeFailures, now);
            var byAddress = CountsAddresses ? DelayOf(AddressKey(address), options.Value.FreeFailuresPerAddress, now) : TimeSpan.Zero;
            return byName > byAddress ? byName : byAddress;
        }
    }

    public void Failed(string username, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            _failures.Add(NameKey(username, address, now), now);
            if (CountsAddresses)
            {
                _failures.Add(AddressKey(address), now);
            }
        }
    }

    /// <summary>Forgets the failures of the name. Those of the address stay: who has an account could wipe them out as he likes.</summary>
    public void Succeeded(string username, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            _failures.Remove(NameKey(username, address, now));
            var pair = PairKey(username, address);
            _successes.Remove(pair);
            _successes.Add(pair, now);
            _failures.Remove(pair);
        }
    }

    private bool CountsAddresses => options.Value.FreeFailuresPerAddress > 0;

    private TimeSpan DelayOf(string key, int free, DateTimeOffset now)
    {
        var (count, last) = _failures.Count(key, now);
        if (count < free)
        {
            return TimeSpan.Zero;
        }

        var doublings = Math.Min(count - free, 30);
        var delay = TimeSpan.FromSeconds(Math.Min(1L << doublings, options.Value.MaxDelay.TotalSeconds));
        return last + delay > now ? last + delay - now : TimeSpan.Zero;
    }

    private string NameKey(string username, IPAddress? address, DateTimeOffset now)
    {
        var pair = PairKey(username, address);
        return _successes.Count(pair, now).Count > 0 ? pair : $"name {Short(username)}";
    }

    private static string PairKey(string username, IPAddress? address) => $"{AddressKey(address)} {Short(username)}";

    /// <summary>No stored name is longer.</summary>
    private static string Short(string username) => username.Length <= MaxNameLength ? username : username[..MaxNameLength];

    /// <summary>Of IPv6 the network: its owner has as many addresses in it as he likes.</summary>
    private static string AddressKey(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? $"net {Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))}"
            : $"ip {address}";
    }
}

namespace ContainerGroups.Host.Storage;

/// <summary>
/// Calls by name to whoever waits, in this process and, on PostgreSQL, in every other host. A call only hurries: what it is about
/// stands in the database and is written first, so that a call that is lost costs time and nothing else.
/// </summary>
internal sealed class WakeUps(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<WakeUpSubscription>> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Told of every call that began in this process, on the caller's thread.</summary>
    internal event Action<string, string?>? Called;

    /// <summary>Wakes whoever waits for the name; returns at once. To be called after the commit.</summary>
    public void Pulse(string name, string? payload = null)
    {
        PulseHere(name, payload);
        Called?.Invoke(name, payload);
    }

    /// <summary>Calls from now on are kept for the subscription, so subscribe first, then look, then wait.</summary>
    public WakeUpSubscription Subscribe(string name)
    {
        var subscription = new WakeUpSubscription(this, name, clock);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(name, out var list))
            {
                _subscriptions[name] = list = [];
            }

            list.Add(subscription);
        }

        return subscription;
    }

    /// <summary>In this process only: what another host has called.</summary>
    internal void PulseHere(string name, string? payload)
    {
        WakeUpSubscription[] woken;
        lock (_lock)
        {
            woken = _subscriptions.TryGetValue(name, out var list) ? [.. list] : [];
        }

        foreach (var subscription in woken)
        {
            subscription.Set(payload);
        }
    }

    /// <summary>Wakes everybody in this process: calls of other hosts may have been missed.</summary>
    internal void PulseEverythingHere()
    {
        string[] names;
        lock (_lock)
        {
            names = [.. _subscriptions.Keys];
        }

        foreach (var name in names)
        {
            PulseHere(name, payload: null);
        }
    }

    internal void Remove(WakeUpSubscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(subscription.Name, out var list) && list.Remove(subscription) && list.Count == 0)
            {
                _subscriptions.Remove(subscription.Name);
            }
        }
    }
}

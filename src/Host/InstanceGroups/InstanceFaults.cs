using System.Collections.Concurrent;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>What is wrong with this host's machine, told by whoever finds it; the instance's <c>errors</c> show it with the next report.</summary>
internal sealed class InstanceFaults
{
    private readonly ConcurrentDictionary<string, string> _byTopic = new(StringComparer.Ordinal);

    public string Text => string.Join(' ', _byTopic.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => fault.Value));

    /// <summary>Says what is wrong in one matter; null when nothing is any more.</summary>
    public void Tell(string topic, string? fault)
    {
        if (fault is null)
        {
            _byTopic.TryRemove(topic, out _);
        }
        else
        {
            _byTopic[topic] = fault;
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>One watch for each credential and namespace. One group never sees through another's token.</summary>
internal sealed class NamespaceWatches(PluginContext context, string selector)
{
    // A changed credential gives another api; the old one's watches go with it.
    private readonly ConditionalWeakTable<KubernetesApi, ConcurrentDictionary<string, NamespaceWatch>> _watches = [];

    public NamespaceWatch For(KubernetesApi api, string @namespace) =>
        _watches.GetValue(api, _ => new ConcurrentDictionary<string, NamespaceWatch>(StringComparer.Ordinal))
            .GetOrAdd(@namespace, name => new NamespaceWatch(api, name, selector, context));
}

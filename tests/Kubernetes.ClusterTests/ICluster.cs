using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>What only an administrator can change on a cluster.</summary>
public interface ICluster : IAsyncDisposable
{
    /// <summary>What the service account may do with <c>pods/exec</c>.</summary>
    Task SetExecVerbsAsync(params string[] verbs);

    /// <summary>The service account may list events as well, or no longer.</summary>
    Task AllowEventsAsync(bool allowed);

    /// <summary>Null removes the quota.</summary>
    Task SetQuotaAsync(string name, JsonObject? hard);
}

internal sealed class SimulatedSide(SimulatedCluster cluster, string @namespace) : ICluster
{
    public Task SetExecVerbsAsync(params string[] verbs)
    {
        cluster.SetRole(@namespace, "awx", Role.Seed.Without("create", "pods/exec").With(string.Join(' ', verbs), "pods/exec"));
        return Task.CompletedTask;
    }

    public Task AllowEventsAsync(bool allowed)
    {
        cluster.SetRole(@namespace, "awx", allowed ? Role.Seed.With("list", "events") : Role.Seed);
        return Task.CompletedTask;
    }

    public Task SetQuotaAsync(string name, JsonObject? hard)
    {
        cluster.SetQuota(@namespace, name, hard?.ToDictionary(limit => limit.Key, limit => limit.Value!.ToString()));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

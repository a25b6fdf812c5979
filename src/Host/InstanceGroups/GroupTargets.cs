using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Where a job runs, and what it has there.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Target">Of the backend's calls.</param>
/// <param name="Credentials">The job's and its group's.</param>
internal sealed record JobTarget(IExecutionBackend Backend, BackendTarget Target, JobCredentialSet Credentials);

/// <summary>Makes the target of a backend's calls from a group's row: its settings with defaults filled in, its credential in clear.</summary>
internal sealed class GroupTargets(PluginCatalog plugins, CredentialReader credentials, JobSecrets secrets, DatabaseRetry retry)
{
    /// <param name="group">Where a job goes, or went.</param>
    /// <param name="hostname">The instance; empty without one.</param>
    /// <param name="madeBy">The backend that made the job's environment, which alone can find it: the group may have another by now. Empty
    /// when there is none yet.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackendException">The backend is not there, the stored settings can't be read, or the credential can't.</exception>
    public async Task<(IExecutionBackend Backend, BackendTarget Target)> ResolveAsync(
        InstanceGroup group, string hostname, string madeBy, CancellationToken cancellationToken)
    {
        var backend = plugins.GetBackend(madeBy.Length > 0 ? madeBy : group.EffectiveBackend);
        var credential = await CredentialAsync(group, cancellationToken);
        return (backend, Target(backend, group, hostname, credential));
    }

    /// <summary>The same for a job's group, with all that the job logs in with: it is read together.</summary>
    /// <param name="job">With its group and its credentials.</param>
    /// <param name="madeBy">As above.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackendException">As above.</exception>
    public async Task<JobTarget> ResolveAsync(Job job, string madeBy, CancellationToken cancellationToken)
    {
        var group = job.InstanceGroup ?? throw new BackendException(
            BackendFailureReason.InvalidSettings, "The instance group that this job was sent to has been deleted; launch it again.");
        var backend = plugins.GetBackend(madeBy.Length > 0 ? madeBy : group.EffectiveBackend);
        var set = await OpenAsync(() => retry.RepeatAsync(token => secrets.ReadAsync(job, token), cancellationToken));
        return new JobTarget(backend, Target(backend, group, job.ExecutionNode, set.OfGroup), set);
    }

    /// <summary>A group as its row is now; null when there is none.</summary>
    public Task<InstanceGroup?> FindGroupAsync(long id, CancellationToken cancellationToken) =>
        retry.ReadAsync((db, token) => db.InstanceGroups.AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, token), cancellationToken);

    private static BackendTarget Target(IExecutionBackend backend, InstanceGroup group, string hostname, OpenCredential? credential) => new()
    {
        InstanceGroupId = group.Id,
        InstanceGroupName = group.Name,
        Settings = Settings(backend, group),
        PodSpecOverride = group.PodSpecOverride,
        CredentialTypeNamespace = credential?.Namespace,
        Credential = credential?.Values ?? InputValues.Empty,
        CredentialVersion = credential is null ? "" : $"{credential.Id}-{credential.Version}",
        InstanceHostname = backend.Capabilities.UsesInstances ? hostname : null,
    };

    private async Task<OpenCredential?> CredentialAsync(InstanceGroup group, CancellationToken cancellationToken) => group.CredentialId is { } id
        ? await OpenAsync(() => retry.ReadAsync((db, token) => credentials.FindAsync(db, id, token), cancellationToken))
        : null;

    private async Task<T> OpenAsync<T>(Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (SecretUnavailableException e)
        {
            throw credentials.Failure(e);
        }
    }

    private static InputValues Settings(IExecutionBackend backend, InstanceGroup group)
    {
        Dictionary<string, JsonElement> stored;
        try
        {
            stored = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(group.BackendSettings) ?? [];
        }
        catch (JsonException exception)
        {
            throw new BackendException(
                BackendFailureReason.InvalidSettings,
                $"The backend_settings of instance group '{group.Name}' are no JSON object; write them anew.",
                innerException: exception);
        }

        return new InputValues(backend.Settings.Select(field => new KeyValuePair<string, object?>(
            field.Id, stored.TryGetValue(field.Id, out var value) ? Value(value) ?? field.Default : field.Default)));
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        _ => null,
    };
}

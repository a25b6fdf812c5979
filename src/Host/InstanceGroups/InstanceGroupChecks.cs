using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>What makes a change of a group illegal beyond the rules of its fields; AWX's words where AWX has the rule.</summary>
internal sealed class InstanceGroupChecks(PluginCatalog plugins, OwnCluster cluster)
{
    private const string Credential = "credential";
    private const string Pod = GroupPreview.Field;
    private const string List = "policy_instance_list";
    private const string Percentage = "policy_instance_percentage";
    private const string Minimum = "policy_instance_minimum";

    public async Task CheckAsync(Write<InstanceGroup> write, CancellationToken cancellationToken)
    {
        await CheckCredentialAsync(write, cancellationToken);
        CheckLogin(write);
        CheckContainerPolicies(write);
        CheckBuiltIn(write);
        CheckBackend(write);
        CheckPod(write);
        await CheckHostnamesAsync(write, cancellationToken);
    }

    private static async Task CheckCredentialAsync(Write<InstanceGroup> write, CancellationToken cancellationToken)
    {
        if (!write.Body.Has(Credential) || write.Entity.CredentialId is not { } credential)
        {
            return;
        }

        var kind = await write.Db.Credentials.Where(row => row.Id == credential).Select(row => row.CredentialType.Kind)
            .SingleOrDefaultAsync(cancellationToken);
        AddIf(
            write, Credential, kind is not (null or CredentialKinds.Kubernetes),
            "Only Kubernetes credentials can be associated with an Instance Group");
        AddIf(
            write, "is_container_group", !write.Body.Has("is_container_group") || !write.Entity.IsContainerGroup,
            "is_container_group must be True when associating a credential to an Instance Group");
    }

    /// <summary>Without a credential only a server that runs in a cluster itself has one to log in to. A credential may be taken away
    /// all the same: the group is no longer of use then, and says so at the next job.</summary>
    private void CheckLogin(Write<InstanceGroup> write)
    {
        var group = write.Entity;
        if (group is not { IsContainerGroup: true, CredentialId: null } || !(write.Creating || write.Changes(row => row.IsContainerGroup)))
        {
            return;
        }

        AddIf(
            write, Credential,
            plugins.TryGetBackend(group.EffectiveBackend, out var backend) && backend.Capabilities.CredentialKind is not null && !cluster.IsInside,
            "A container group needs a credential of kind kubernetes, unless the server itself runs in a cluster.");
    }

    private static void CheckContainerPolicies(Write<InstanceGroup> write)
    {
        if (write.Creating || !write.Before(group => group.IsContainerGroup))
        {
            return;
        }

        const string message = "Containerized instances may not be managed via the API";
        AddIf(write, List, MembershipStore.Hostnames(write.Entity).Count > 0, message);
        AddIf(write, Percentage, write.Entity.PolicyInstancePercentage != 0, message);
        AddIf(write, Minimum, write.Entity.PolicyInstanceMinimum != 0, message);
    }

    private static void CheckBuiltIn(Write<InstanceGroup> write)
    {
        if (write.Before(group => group.Name) is not { } name || !IsBuiltIn(name))
        {
            return;
        }

        AddIf(write, "name", write.Changes(group => group.Name), $"{name} instance group name may not be changed.");
        AddIf(
            write, "is_container_group", write.Changes(group => group.IsContainerGroup),
            $"{name} instance group is_container_group may not be changed.");
        AddIf(
            write, List, write.Changes(group => group.PolicyInstanceList),
            $"{name} instance group policy_instance_list may not be changed.");
        AddIf(
            write, Percentage, write.Changes(group => group.PolicyInstancePercentage),
            $"{name} instance group policy_instance_percentage may not be changed from the initial value set by the installer.");
    }

    /// <summary>First by what holds for any backend, then by the group's own. What was stored before is not judged again.</summary>
    private void CheckPod(Write<InstanceGroup> write)
    {
        if (!write.Body.Has(Pod) || write.Errors.Has(Pod))
        {
            return;
        }

        var group = write.Entity;
        if (PodBody.Check(group.PodSpecOverride) is { } error)
        {
            write.Errors.Add(Pod, error);
        }
        else if (group is { IsContainerGroup: true, PodSpecOverride.Length: > 0 }
            && plugins.TryGetBackend(group.EffectiveBackend, out var backend) && backend is IEnvironmentPreview preview)
        {
            AskBackend(preview, backend.Name, group.PodSpecOverride, write.Errors);
        }
    }

    private static void AskBackend(IEnvironmentPreview preview, string backend, string spec, FieldErrors errors)
    {
        try
        {
            foreach (var error in preview.ValidateSpec(spec))
            {
                errors.Add(Pod, error.Message);
            }
        }
        catch (BackendException e)
        {
            errors.Add(Pod, $"The backend {backend} can't check the pod: {e.Message}");
        }
    }

    private void CheckBackend(Write<InstanceGroup> write)
    {
        var group = write.Entity;
        if (group.ExecutionBackend is { Length: 0 })
        {
            group.ExecutionBackend = null;
        }

        if (!write.Body.Has("execution_backend") && !write.Body.Has("backend_settings") && !write.Body.Has("is_container_group"))
        {
            return;
        }

        if (plugins.TryGetBackend(group.EffectiveBackend, out var backend))
        {
            AddIf(
                write, "execution_backend", group.IsContainerGroup && backend.Capabilities.UsesInstances,
                $"The backend {backend.Name} places jobs on instances; a container group needs one that makes an environment for each job.");
            BackendSettings.Check(backend, group.BackendSettings, write.Errors);
        }
        else if (group.ExecutionBackend is not null && write.Body.Has("execution_backend"))
        {
            var known = plugins.Backends.Count == 0 ? "none" : string.Join(", ", plugins.Backends.Select(known => known.Name));
            write.Errors.Add("execution_backend", $"No active plugin offers the backend '{group.ExecutionBackend}'; there is {known}.");
        }
        else if (group.BackendSettings != "{}" && write.Body.Has("backend_settings"))
        {
            write.Errors.Add("backend_settings", $"No active plugin offers the backend '{group.EffectiveBackend}', which alone can check them.");
        }
    }

    private static async Task CheckHostnamesAsync(Write<InstanceGroup> write, CancellationToken cancellationToken)
    {
        if (!write.Body.Has(List) || write.Errors.Has(List))
        {
            return;
        }

        var hostnames = MembershipStore.Hostnames(write.Entity);
        if (hostnames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            write.Errors.Add(List, $"Duplicate entry {twice.Key}.");
        }

        var known = await write.Db.Instances.Where(instance => hostnames.Contains(instance.Hostname))
            .Select(instance => instance.Hostname).ToListAsync(cancellationToken);
        foreach (var unknown in hostnames.Except(known, StringComparer.Ordinal))
        {
            write.Errors.Add(List, $"{unknown} is not a valid hostname of an existing instance.");
        }
    }

    public static bool IsBuiltIn(string name) => name is InstanceGroup.DefaultName or PolicyGroup.ControlPlane;

    private static void AddIf(Write<InstanceGroup> write, string field, bool wrong, string message)
    {
        if (wrong)
        {
            write.Errors.Add(field, message);
        }
    }
}

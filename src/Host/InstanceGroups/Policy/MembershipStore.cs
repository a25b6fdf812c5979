using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups.Policy;

/// <summary>Writes which instances belong to which groups. Works inside the caller's transaction; one writer at a time.</summary>
internal static class MembershipStore
{
    private const long LockKey = 0x6D656D62;

    /// <summary>Keeps other writers of memberships out until the transaction ends. Taken before rows of groups or instances are written, so
    /// that no two writers wait for each other.</summary>
    public static Task LockAsync(AppDb db, CancellationToken cancellationToken) => TransactionLock.TakeAsync(db, LockKey, cancellationToken);

    /// <summary>Makes the memberships what the policies say.</summary>
    public static async Task ApplyPoliciesAsync(AppDb db, CancellationToken cancellationToken)
    {
        await LockAsync(db, cancellationToken);
        var groups = await db.InstanceGroups.AsNoTracking().Where(group => !group.IsContainerGroup).OrderBy(group => group.Id).ToListAsync(cancellationToken);
        var instances = await db.Instances.AsNoTracking().Where(instance => instance.NodeType != NodeTypes.Hop).OrderBy(instance => instance.Id)
            .Select(instance => new PolicyInstance(instance.Id, instance.Hostname, instance.NodeType, instance.ManagedByPolicy))
            .ToListAsync(cancellationToken);
        var wanted = PolicyMembership.Compute([.. groups.Select(PolicyOf)], instances);
        var present = await db.InstanceGroupMembers.AsNoTracking().ToListAsync(cancellationToken);
        foreach (var gone in present.Where(member => !(wanted.TryGetValue(member.InstanceGroupId, out var ids) && ids.Contains(member.InstanceId))))
        {
            await db.InstanceGroupMembers
                .Where(member => member.InstanceGroupId == gone.InstanceGroupId && member.InstanceId == gone.InstanceId)
                .ExecuteDeleteAsync(cancellationToken);
        }

        var known = present.Select(member => (member.InstanceGroupId, member.InstanceId)).ToHashSet();
        db.InstanceGroupMembers.AddRange(wanted
            .SelectMany(group => group.Value.Select(id => (GroupId: group.Key, InstanceId: id)))
            .Where(pair => !known.Contains(pair))
            .Select(pair => new InstanceGroupMember { InstanceGroupId = pair.GroupId, InstanceId = pair.InstanceId }));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Pins an instance to a group, or lets it go; policies may bring it back.</summary>
    public static async Task PinAsync(ApiCall call, long groupId, string hostname, bool pinned)
    {
        await LockAsync(call.Db, call.Cancellation);
        var group = await call.Db.InstanceGroups.SingleOrDefaultAsync(row => row.Id == groupId, call.Cancellation)
            ?? throw ApiException.NoMatch(nameof(InstanceGroup));
        var hostnames = Hostnames(group).ToList();
        if (!pinned)
        {
            hostnames.Remove(hostname);
        }
        else if (!hostnames.Contains(hostname))
        {
            hostnames.Add(hostname);
        }

        group.PolicyInstanceList = JsonSerializer.Serialize(hostnames);
        await call.Db.SaveChangesAsync(call.Cancellation);
        await ApplyPoliciesAsync(call.Db, call.Cancellation);
    }

    public static IReadOnlyList<string> Hostnames(InstanceGroup group) => JsonSerializer.Deserialize<List<string>>(group.PolicyInstanceList) ?? [];

    private static PolicyGroup PolicyOf(InstanceGroup group) =>
        new(group.Id, group.Name, Hostnames(group), group.PolicyInstanceMinimum, group.PolicyInstancePercentage);
}

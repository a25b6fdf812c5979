using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>What a host writes about instances: its own, which it takes over and measures, and those of hosts that have fallen silent.</summary>
internal sealed class InstanceStore(
    IDbContextFactory<AppDb> databases, HostIdentity host, InstanceFaults faults, IOptions<InstancesOptions> options, TimeProvider clock)
{
    private const long LockKey = 0x696E7374;

    /// <summary>Takes over the row of this host's instance, or makes it; on a fresh server makes the group <c>default</c> too.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await TransactionLock.TakeAsync(db, LockKey, cancellationToken);
        if (!await db.InstanceGroups.AnyAsync(cancellationToken))
        {
            db.InstanceGroups.Add(new InstanceGroup { Name = InstanceGroup.DefaultName, PolicyInstancePercentage = 100 });
        }

        if (!await db.Instances.AnyAsync(instance => instance.Hostname == host.Hostname, cancellationToken))
        {
            db.Instances.Add(new Instance
            {
                Hostname = host.Hostname,
                Uuid = Guid.NewGuid(),
                NodeType = NodeTypes.Hybrid,
                Managed = true,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        await MembershipStore.ApplyPoliciesAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Stores what this host's instance can do now. True when it takes jobs from now on and did not before.</summary>
    public async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        var (measured, error) = Measure();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        while (await db.Instances.AsNoTracking().SingleOrDefaultAsync(instance => instance.Hostname == host.Hostname, cancellationToken) is { } row
            && row.NodeState is not (NodeStates.Deprovisioning or NodeStates.DeprovisionFail))
        {
            // Capacity follows from what a user may change at this moment: nothing is stored that follows from an older value.
            if (await StoreAsync(db, row, measured, error, cancellationToken) == 1)
            {
                return error is null && (row.NodeState != NodeStates.Ready || row.Errors.Length > 0);
            }
        }

        return false;
    }

    /// <summary>Sets instances aside whose host is silent. It sets them back itself when it returns.</summary>
    public async Task<int> MarkSilentAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var since = clock.GetUtcNow().UtcDateTime - HostProcesses.SilentAfter;
        return await db.Instances
            .Where(instance => instance.NodeState == NodeStates.Ready && instance.Hostname != host.Hostname
                && instance.LastSeen < since
                && !db.HostProcesses.Any(process => process.Hostname == instance.Hostname && process.LastSeen >= since))
            .ExecuteUpdateAsync(
                set => set.SetProperty(instance => instance.NodeState, NodeStates.Unavailable)
                    .SetProperty(instance => instance.Capacity, 0)
                    .SetProperty(instance => instance.Errors, "Another host has found this instance to be silent."),
                cancellationToken);
    }

    /// <summary>Removes instances that users have given up, once no job is left on them.</summary>
    public async Task RemoveDeprovisionedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var removed = await db.Instances
            .Where(instance => instance.NodeState == NodeStates.Deprovisioning
                && !db.UnifiedJobs.Any(job => job.ExecutionNode == instance.Hostname && ActiveJobs.Consuming.Contains(job.Status)))
            .ExecuteDeleteAsync(cancellationToken);
        if (removed > 0)
        {
            await MembershipStore.ApplyPoliciesAsync(db, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private Task<int> StoreAsync(AppDb db, Instance row, MachineResources? measured, string? error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var shown = faults.Text;
        var (cpuCapacity, memoryCapacity) = measured is null ? (0, 0) : Capacities(measured);
        var capacity = measured is null || !row.Enabled ? 0 : ForkCapacity.Between(cpuCapacity, memoryCapacity, row.CapacityAdjustment);
        return db.Instances
            .Where(instance => instance.Id == row.Id && instance.NodeState == row.NodeState && instance.Enabled == row.Enabled
                && instance.CapacityAdjustment == row.CapacityAdjustment)
            .ExecuteUpdateAsync(
                set => set.SetProperty(instance => instance.NodeState, error is null ? NodeStates.Ready : NodeStates.Unavailable)
                    .SetProperty(instance => instance.Errors, error ?? shown)
                    .SetProperty(instance => instance.Cpu, measured == null ? 0 : measured.Cpu)
                    .SetProperty(instance => instance.Memory, measured == null ? 0 : measured.Memory)
                    .SetProperty(instance => instance.CpuCapacity, cpuCapacity)
                    .SetProperty(instance => instance.MemCapacity, memoryCapacity)
                    .SetProperty(instance => instance.Capacity, capacity)
                    .SetProperty(instance => instance.Version, ServerVersion.Current)
                    .SetProperty(instance => instance.LastSeen, now)
                    .SetProperty(instance => instance.LastHealthCheck, now),
                cancellationToken);
    }

    private (MachineResources? Measured, string? Error) Measure()
    {
        try
        {
            var found = MachineResources.Read();
            return (new MachineResources(
                options.Value.Cpu.Length > 0 ? Quantities.Cpu(options.Value.Cpu) : found.Cpu,
                options.Value.Memory.Length > 0 ? Quantities.Memory(options.Value.Memory) : found.Memory), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The machine can't be measured: {e.Message}");
        }
    }

    private (int Cpu, int Memory) Capacities(MachineResources measured) => (
        ForkCapacity.OfCpu(measured.Cpu, options.Value.ForksPerCpu),
        ForkCapacity.OfMemory(
            measured.Memory,
            options.Value.Memory.Length > 0 ? 0 : Quantities.Memory(options.Value.ReservedMemory),
            options.Value.MebibytesPerFork));
}

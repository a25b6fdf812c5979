using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Always-on instances. What a host says of its own instance comes through <see cref="InstanceStore"/>.</summary>
internal sealed class InstancesController(WakeUps wakeUps, TimeProvider clock) : IResourceController
{
    private static readonly (string, string)[] Types =
    [
        (NodeTypes.Control, "Control plane node"), (NodeTypes.Execution, "Execution plane node"),
        (NodeTypes.Hybrid, "Controller and execution"), (NodeTypes.Hop, "Message-passing node, no execution capability"),
    ];

    private static readonly (string, string)[] States =
    [
        (NodeStates.Provisioning, "Provisioning"), (NodeStates.ProvisionFail, "Provisioning Failure"), (NodeStates.Installed, "Installed"),
        (NodeStates.Ready, "Ready"), (NodeStates.Unavailable, "Unavailable"), (NodeStates.Deprovisioning, "De-provisioning"),
        (NodeStates.DeprovisionFail, "De-provisioning Failure"),
    ];

    private readonly Loader<Instance> _usage = new(async (page, token) => await InstanceUsage.LoadAsync(page, token));

    public Resource Describe()
    {
        var builder = new ResourceBuilder<Instance>("instances", "instance", (db, caller) => db.Instances.VisibleTo(db, caller))
            .Methods(ResourceMethods.Create | ResourceMethods.Update)
            .Id()
            .Field(x => x.Hostname, field => (field.Required, field.AllowBlank, field.MaxLength, field.Unique) = (true, false, 250, true))
            .TypeField().Url().RelatedField().SummaryFields()
            .ReadOnly(x => x.Uuid)
            .Moments()
            .Authors();
        AddHealth(builder);
        AddCapacity(builder);
        AddNode(builder);
        builder
            .Capabilities(Right.Edit)
            .Summary("id", "hostname")
            .SearchIn("hostname")
            .Recorded()
            .NamedBy("hostname")
            .Relation("rampart_groups", x => x.InstanceGroups.Select(member => member.InstanceGroup))
            .Relation("instance_groups", x => x.InstanceGroups.Select(member => member.InstanceGroup))
            .SubList<UnifiedJob>("jobs", (db, id) => job => db.Instances.Any(own => own.Id == id && own.Hostname == job.ExecutionNode))
            .SubList(GroupMembers.Groups())
            .SummaryPart("links", (_, page) => page.IsDetail ? new RawJson("[]") : null)
            .Action(new ResourceAction<Instance>("health_check") { Get = ShowHealthAsync, Post = CheckHealthAsync, InRelated = false })
            .Related("health_check", (row, page) => RunsJobs(row) ? $"{page.Resource.UrlOf(row.Id)}health_check/" : null);
        AddRules(builder.Rules);
        return builder.Build();
    }

    private static void AddHealth(ResourceBuilder<Instance> builder) => builder
        .ReadOnly(x => x.LastSeen)
        .ReadOnly(x => x.HealthCheckStarted)
        .Computed("health_check_pending", FieldKind.Boolean, row => IsPending(row))
        .ReadOnly(x => x.LastHealthCheck)
        .ReadOnly(x => x.Errors);

    private void AddCapacity(ResourceBuilder<Instance> builder)
    {
        builder
            .Field(x => x.CapacityAdjustment, field =>
            {
                (field.Min, field.Max) = (0, 1);
                field.Value = (row, _) => JsonValues.Decimal(row.CapacityAdjustment, 2);
                field.HelpText = "Between the lower (0) and the higher (1) of the capacities by memory and by processors.";
            })
            .ReadOnly(x => x.Version)
            .ReadOnly(x => x.Capacity);
        Add("consumed_capacity", usage => usage.Consumed);
        Add("percent_capacity_remaining", usage => Math.Max(0, usage.PercentRemaining));
        Add("jobs_running", usage => usage.JobsRunning);
        Add("jobs_total", usage => usage.JobsTotal);
        builder
            .ReadOnly(x => x.Cpu, field => field.Value = (row, _) => JsonValues.Decimal(row.Cpu, 1))
            .ReadOnly(x => x.Memory)
            .ReadOnly(x => x.CpuCapacity)
            .ReadOnly(x => x.MemCapacity)
            .Field(x => x.Enabled)
            .Field(x => x.ManagedByPolicy);

        void Add(string name, Func<Usage, object?> value) => builder.Computed(
            name, FieldKind.Computed, _usage, (Instance row, IReadOnlyDictionary<long, Usage> all) => value(all[row.Id]));
    }

    private static void AddNode(ResourceBuilder<Instance> builder) => builder
        .Field(x => x.NodeType, field =>
        {
            (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, Types, false);
            field.HelpText = "Role that this node plays.";
        })
        .Field(x => x.NodeState, field =>
        {
            (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, States, false);
            field.HelpText = "Indicates the current life cycle stage of this instance.";
        })
        .ReadOnly(x => x.Managed)
        .ReadOnly(x => x.IpAddress, field => field.Value = (row, _) => row.IpAddress.Length == 0 ? null : row.IpAddress)
        .Computed("peers", FieldKind.Computed, _ => new RawJson("[]"))
        .Computed("reverse_peers", FieldKind.Computed, _ => new RawJson("[]"))
        .Computed("listener_port", FieldKind.Computed, _ => null)
        .Computed("peers_from_control_nodes", FieldKind.Boolean, _ => false)
        .Computed("protocol", FieldKind.String, _ => "");

    private void AddRules(WriteRules<Instance> rules)
    {
        rules.Checks.Add(InstanceChecks.CheckAsync);
        rules.BeforeSave.Add((write, token) => MembershipStore.LockAsync(write.Db, token));
        rules.BeforeSave.Add((write, _) =>
        {
            var instance = write.Entity;
            instance.Uuid = instance.Uuid == Guid.Empty ? Guid.NewGuid() : instance.Uuid;
            instance.Capacity = instance is { Enabled: true, NodeState: NodeStates.Ready }
                ? ForkCapacity.Between(instance.CpuCapacity, instance.MemCapacity, instance.CapacityAdjustment)
                : 0;
            return Task.CompletedTask;
        });
        rules.AfterSave.Add((write, token) => MembershipStore.ApplyPoliciesAsync(write.Db, token));
        rules.AfterCommit.Add(_ =>
        {
            wakeUps.Pulse(WakeUpNames.Dispatch);
            wakeUps.Pulse(WakeUpNames.Instances);
            return Task.CompletedTask;
        });
    }

    private static bool IsPending(Instance row) =>
        row.HealthCheckStarted is { } started && !(row.LastHealthCheck >= started);

    private static bool RunsJobs(Instance row) => row.NodeType is NodeTypes.Execution or NodeTypes.Hybrid;

    private static Task ShowHealthAsync(ApiCall call, Instance row) => !RunsJobs(row) ? throw ApiException.NotFound() : call.AnswerAsync(
        StatusCodes.Status200OK,
        ("uuid", row.Uuid),
        ("hostname", row.Hostname),
        ("ip_address", row.IpAddress.Length == 0 ? null : row.IpAddress),
        ("version", row.Version),
        ("last_health_check", row.LastHealthCheck),
        ("errors", row.Errors),
        ("cpu", JsonValues.Decimal(row.Cpu, 1)),
        ("memory", row.Memory),
        ("cpu_capacity", row.CpuCapacity),
        ("mem_capacity", row.MemCapacity),
        ("capacity", row.Capacity));

    private async Task CheckHealthAsync(ApiCall call, Instance row)
    {
        if (!RunsJobs(row))
        {
            throw ApiException.NotFound();
        }

        var pending = IsPending(row);
        if (!pending)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            await call.Db.Instances.Where(own => own.Id == row.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(own => own.HealthCheckStarted, now), call.Cancellation);
        }

        // Asked again even when pending: the call before may have been lost, and answering twice does no harm.
        wakeUps.Pulse(WakeUpNames.Instances);
        await call.AnswerAsync(StatusCodes.Status200OK, ("msg", pending
            ? $"Health check was already in progress for {row.Hostname}."
            : $"Health check is running for {row.Hostname}."));
    }
}

using System.Text.Json;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/ping/</c>: whether the server lives, for monitoring; open to everybody.</summary>
internal sealed class PingController(HostIdentity host, InstallationIdentity installation)
{
    public async Task ShowAsync(ApiCall call)
    {
        var instances = await call.Db.Instances.AsNoTracking().Where(instance => instance.NodeType != NodeTypes.Hop)
            .OrderBy(instance => instance.Hostname).ToListAsync(call.Cancellation);
        var groups = await call.Db.InstanceGroups.AsNoTracking().OrderBy(group => group.Id)
            .Select(group => new { group.Id, group.Name, group.IsContainerGroup, group.MaxForks }).ToListAsync(call.Cancellation);
        var members = (await call.Db.InstanceGroupMembers.AsNoTracking().ToListAsync(call.Cancellation))
            .Join(instances, member => member.InstanceId, instance => instance.Id, (member, instance) => (member.InstanceGroupId, Instance: instance))
            .ToLookup(pair => pair.InstanceGroupId, pair => pair.Instance);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ha", instances.Count(instance => instance.NodeType is NodeTypes.Control or NodeTypes.Hybrid) > 1);
            writer.WriteString("version", ServerVersion.Current);
            writer.WriteString("active_node", host.Hostname);
            writer.WriteString("install_uuid", installation.Id);
            WriteArray(writer, "instances", instances, instance => WriteInstance(writer, instance));
            WriteArray(writer, "instance_groups", groups.OrderBy(group => group.Name.ToLowerInvariant(), StringComparer.Ordinal), group => WriteGroup(
                writer,
                group.Name,
                group.IsContainerGroup ? group.MaxForks : members[group.Id].Where(Usage.TakesJobs).Sum(instance => (long)instance.Capacity),
                members[group.Id]));
            writer.WriteEndObject();
        });
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static void WriteInstance(Utf8JsonWriter writer, Instance instance)
    {
        writer.WriteStartObject();
        writer.WriteString("node", instance.Hostname);
        writer.WriteString("node_type", instance.NodeType);
        writer.WriteString("uuid", instance.Uuid);
        writer.WritePropertyName("heartbeat");
        JsonValues.Write(writer, instance.LastSeen);
        writer.WriteNumber("capacity", instance.Capacity);
        writer.WriteString("version", instance.Version);
        writer.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter writer, string name, long capacity, IEnumerable<Instance> members)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteNumber("capacity", capacity);
        writer.WritePropertyName("instances");
        JsonValues.Write(writer, members.Select(member => member.Hostname).Order(StringComparer.Ordinal));
        writer.WriteEndObject();
    }
}

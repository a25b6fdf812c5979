using ContainerGroups.Abstractions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Asks a container group's backend whether a job sent there now could be expected to run.</summary>
internal sealed class GroupHealth(GroupTargets targets)
{
    public async Task AnswerAsync(ApiCall call, InstanceGroup group)
    {
        if (!group.IsContainerGroup)
        {
            throw ApiException.BadRequest("Only a container group is checked as a whole; the instances of another group are checked one by one.");
        }

        var health = await CheckAsync(group, call.Cancellation);
        await call.AnswerAsync(
            StatusCodes.Status200OK,
            ("healthy", health.Healthy),
            ("message", health.Message),
            ("missing_permissions", health.MissingPermissions),
            ("details", new JsonPart(writer =>
            {
                writer.WriteStartObject();
                foreach (var (name, value) in health.Details)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            })));
    }

    private async Task<BackendHealth> CheckAsync(InstanceGroup group, CancellationToken cancellationToken)
    {
        try
        {
            var (backend, target) = await targets.ResolveAsync(group, "", "", cancellationToken);
            return await backend.CheckHealthAsync(target, cancellationToken);
        }
        catch (BackendException e)
        {
            return new BackendHealth { Healthy = false, Message = e.Message };
        }
    }
}

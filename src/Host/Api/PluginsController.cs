using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/plugins/</c> (ours): every plugin folder of this host, what became of it, and what it gives.</summary>
internal sealed class PluginsController(PluginCatalog plugins)
{
    public Task ShowAsync(ApiCall call)
    {
        // Which directories a server has is for those who look after it.
        if (!call.Caller.SeesEverything)
        {
            throw ApiException.Forbidden();
        }

        var found = plugins.Plugins;
        return call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", found.Count);
            writer.WriteNull("next");
            writer.WriteNull("previous");
            writer.WriteStartArray("results");
            foreach (var plugin in found)
            {
                writer.WriteStartObject();
                writer.WriteString("id", plugin.Id);
                writer.WriteString("type", "plugin");
                writer.WriteString("version", plugin.Version);
                writer.WriteString("contract_version", plugin.ContractVersion);
                writer.WriteString("display_name", plugin.DisplayName);
                writer.WriteString("description", plugin.Description);
                writer.WriteString("publisher", plugin.Publisher);
                writer.WriteString("status", SnakeCase.From(plugin.State.ToString()));
                writer.WriteString("reason", plugin.Reason);
                writer.WriteString("directory", plugin.Directory);
                writer.WritePropertyName("backends");
                JsonValues.Write(writer, plugin.Backends);
                writer.WritePropertyName("credential_types");
                JsonValues.Write(writer, plugin.CredentialTypes);
                writer.WriteString("seen_at", JsonValues.Moment(plugin.SeenAt.UtcDateTime));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}

using System.Text.Json;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/plugins/</c> (ours): every plugin of this host, what became of it, and what it gives; those that it once had too.</summary>
internal sealed class PluginsController(PluginCatalog plugins, PluginStatusStore statuses)
{
    public async Task ShowAsync(ApiCall call)
    {
        // Which directories a server has is for those who look after it.
        if (!call.Caller.SeesEverything)
        {
            throw ApiException.Forbidden();
        }

        var found = plugins.Plugins;
        // One that came back since the list was written is no longer missing.
        var missing = (await statuses.MissingAsync(call.Cancellation)).Where(row => found.All(plugin => plugin.Id != row.PluginId)).ToList();
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", found.Count + missing.Count);
            writer.WriteNull("next");
            writer.WriteNull("previous");
            writer.WriteStartArray("results");
            foreach (var plugin in found)
            {
                Write(writer, plugin);
            }

            foreach (var row in missing)
            {
                Write(writer, row);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, PluginInfo plugin)
    {
        writer.WriteStartObject();
        writer.WriteString("id", plugin.Id);
        writer.WriteString("type", "plugin");
        writer.WriteString("version", plugin.Version);
        writer.WriteString("contract_version", plugin.ContractVersion);
        writer.WriteString("display_name", plugin.DisplayName);
        writer.WriteString("description", plugin.Description);
        writer.WriteString("publisher", plugin.Publisher);
        writer.WriteString("status", PluginStates.Word(plugin.State));
        writer.WriteString("reason", plugin.Reason);
        writer.WriteBoolean("restart_needed", plugin.RestartReason.Length > 0);
        writer.WritePropertyName("warnings");
        JsonValues.Write(writer, plugin.RestartReason.Length > 0 ? [plugin.RestartReason, .. plugin.Warnings] : plugin.Warnings);
        writer.WriteBoolean("built_in", plugin.BuiltIn);
        writer.WriteString("directory", plugin.BuiltIn ? "" : plugin.Directory);
        writer.WritePropertyName("backends");
        JsonValues.Write(writer, plugin.Backends);
        writer.WritePropertyName("credential_types");
        JsonValues.Write(writer, plugin.CredentialTypes);
        writer.WriteString("seen_at", JsonValues.Moment(plugin.SeenAt.UtcDateTime));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PluginStatus row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.PluginId);
        writer.WriteString("type", "plugin");
        writer.WriteString("version", row.Version);
        writer.WriteString("contract_version", "");
        writer.WriteString("display_name", row.DisplayName);
        writer.WriteString("description", "");
        writer.WriteString("publisher", row.Publisher);
        writer.WriteString("status", row.Status);
        writer.WriteString("reason", row.Reason);
        writer.WriteBoolean("restart_needed", false);
        writer.WriteStartArray("warnings");
        writer.WriteEndArray();
        writer.WriteBoolean("built_in", false);
        writer.WriteString("directory", row.Directory);
        writer.WritePropertyName("backends");
        JsonValues.Write(writer, Names(row.Backends));
        writer.WritePropertyName("credential_types");
        JsonValues.Write(writer, Names(row.CredentialTypes));
        writer.WriteString("seen_at", JsonValues.Moment(row.Modified));
        writer.WriteEndObject();
    }

    private static IReadOnlyList<string> Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

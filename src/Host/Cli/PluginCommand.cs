using System.CommandLine;
using System.Text.Json;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Cli;

/// <summary><c>plugin check</c>: what the server would say of a plugin folder, without a server.</summary>
internal sealed class PluginCommand
{
    // Paths and hashes are for people: nothing in them needs to be escaped for a browser.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Argument<string> _folder = new("FOLDER") { Description = "The plugin's folder, with its plugin.json." };

    public Command Create()
    {
        var check = new Command("check", "Says what the server would say of a plugin folder, with the settings that hold here.");
        check.Arguments.Add(_folder);
        check.SetAction((parsed, cancellationToken) => CommandLine.GuardAsync(() => CheckAsync(parsed, cancellationToken)));
        var command = new Command("plugin", "Looks after plugins.");
        command.Subcommands.Add(check);
        return command;
    }

    private async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parsed.GetValue(_folder)!);
        if (!Directory.Exists(folder))
        {
            throw new CliException(ExitCodes.BadRequest, $"there is no folder {folder}.");
        }

        var plugin = await TryAsync(folder, cancellationToken);
        var output = parsed.InvocationConfiguration.Output;
        if (plugin.State != PluginState.Active)
        {
            throw new CliException(ExitCodes.BadRequest, $"the plugin {plugin.Id} would not be used ({PluginStates.Word(plugin.State)}): {plugin.Reason}");
        }

        await output.WriteLineAsync($"The plugin {plugin.Id} {plugin.Version} would be active.");
        await output.WriteLineAsync($"Execution backends: {Names(plugin.Backends)}");
        await output.WriteLineAsync($"Credential types: {Names(plugin.CredentialTypes)}");
        foreach (var warning in plugin.Warnings)
        {
            await output.WriteLineAsync($"Warning: {warning}");
        }

        await output.WriteLineAsync($"For {PluginTrustOptions.Section}:Plugins, if you trust it:");
        await output.WriteLineAsync(JsonSerializer.Serialize(new { plugin.Id, Files = new PluginDirectory(folder).Hashes() }, Indented));
        return ExitCodes.Success;
    }

    /// <summary>The server's own way, with a data directory that is thrown away.</summary>
    private static async Task<PluginInfo> TryAsync(string folder, CancellationToken cancellationToken)
    {
        using var configuration = new ConfigurationManager();
        ConfigurationSources.AddTo(configuration, []);
        var data = Directory.CreateTempSubdirectory("containergroups-");
        try
        {
            await using var services = new ServiceCollection()
                .AddSingleton<IConfiguration>(configuration)
                .AddSingleton(TimeProvider.System)
                .AddLogging()
                .AddPlugins(configuration)
                .BuildServiceProvider();
            return await services.GetRequiredService<PluginCatalog>().TryFolderAsync(
                folder, new PluginHostContext { InstallationId = "plugin-check", DataDirectory = data.FullName }, cancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}

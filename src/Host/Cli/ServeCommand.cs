using System.CommandLine;

namespace ContainerGroups.Host.Cli;

/// <summary><c>serve</c>: the server in the foreground, until a signal.</summary>
internal sealed class ServeCommand
{
    private readonly Option<string?> _data = new("--data") { Description = "The data directory (CG_DATA; ./data).", HelpName = "DIR" };
    private readonly Option<string?> _urls = new("--urls") { Description = "The addresses to listen on, separated by semicolons (CG_URLS; https://127.0.0.1:8043).", HelpName = "URLS" };
    private readonly Option<string?> _instance = new("--instance") { Description = "The hostname of the instance that this process serves (CG_INSTANCE; the machine's name).", HelpName = "HOSTNAME" };

    public ServeCommand()
    {
        Command = new Command("serve", "Runs the server (the default command).\nEvery setting is a CG_… variable or a key of appsettings.json in the working directory, CG_ADMIN_PASSWORD among them.");
        AddTo(Command);
    }

    public Command Command { get; }

    /// <summary>The same options and action, for the root: no command means this one.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_urls);
        command.Options.Add(_instance);
        command.SetAction((parsed, cancellationToken) => CommandLine.GuardAsync(() => ServeAsync(parsed, cancellationToken)));
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var args = new List<string>();
        foreach (var option in new[] { _data, _urls, _instance })
        {
            if (parsed.GetValue(option) is { } value)
            {
                args.AddRange([option.Name, value]);
            }
        }

        await using var app = HostApp.Build([.. args]);
        await ServerStart.RunAsync(app, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
